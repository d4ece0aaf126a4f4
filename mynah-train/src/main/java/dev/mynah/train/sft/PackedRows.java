package dev.mynah.train.sft;

import dev.mynah.tensor.Nn;
import dev.mynah.tensor.Tensor;
import dev.mynah.train.chat.ChatFormat.Encoded;
import dev.mynah.train.loop.Batch;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Conversations laid into rows of equal length, several to a row where they fit (best fit, the longest first). In a row each is a document of its own: attention stays within it, positions
 * begin again, and only what the assistant wrote is to be predicted. What is left of a row is filled with a padding token.
 */
public final class PackedRows {

    private final List<List<Encoded>> rows;
    private final int context;
    private final int padId;
    private final long learned;

    /**
     * @param conversations each of at most {@code context} tokens, with at least one to learn
     * @param padId any token; nothing is learned from it
     */
    public PackedRows(List<Encoded> conversations, int context, int padId) {
        this.context = context;
        this.padId = padId;
        this.rows = packed(conversations, context);
        this.learned = IntStream.range(0, rows.size()).mapToLong(this::targets).sum();
    }

    private static List<List<Encoded>> packed(List<Encoded> conversations, int context) {
        List<List<Encoded>> rows = new ArrayList<>();
        // Rows by the room that is left in them; of those with equal room the oldest is filled first.
        NavigableMap<Integer, List<List<Encoded>>> byRoom = new TreeMap<>();
        List<Encoded> longestFirst = new ArrayList<>(conversations);
        longestFirst.sort(Comparator.comparingInt(conversation -> -conversation.ids().length));
        for (Encoded conversation : longestFirst) {
            int length = conversation.ids().length;
            var fitting = byRoom.ceilingEntry(length);
            int room = fitting == null ? context : fitting.getKey();
            List<Encoded> row =
                    fitting == null ? new ArrayList<>() : fitting.getValue().removeFirst();
            if (fitting == null) {
                rows.add(row);
            } else if (fitting.getValue().isEmpty()) {
                byRoom.remove(room);
            }
            row.add(conversation);
            byRoom.computeIfAbsent(room - length, any -> new ArrayList<>()).add(row);
        }
        return rows;
    }

    public int rows() {
        return rows.size();
    }

    /** So many rows, at most all, spread evenly over them: the first rows hold the longest conversations. */
    public int[] spread(int count) {
        int[] chosen = new int[count];
        for (int i = 0; i < count; i++) {
            chosen[i] = (int) ((2L * i + 1) * rows.size() / (2L * count));
        }
        return chosen;
    }

    /** Tokens to be learned in an epoch. */
    public long learned() {
        return learned;
    }

    /** Tokens to be predicted in a row. The first token of a conversation never is: it has nothing before it. */
    public int targets(int row) {
        int count = 0;
        for (Encoded conversation : rows.get(row)) {
            for (int i = 1; i < conversation.learned().length; i++) {
                count += conversation.learned()[i] ? 1 : 0;
            }
        }
        return count;
    }

    /** The given rows. */
    public Batch batch(int... chosen) {
        int size = chosen.length * context;
        long[] ids = new long[size];
        long[] targets = new long[size];
        long[] documents = new long[size];
        long[] positions = new long[size];
        boolean boundaries = false;
        for (int r = 0; r < chosen.length; r++) {
            List<Encoded> row = rows.get(chosen[r]);
            int at = r * context;
            for (int document = 0; document < row.size(); document++) {
                Encoded conversation = row.get(document);
                int length = conversation.ids().length;
                for (int i = 0; i < length; i++, at++) {
                    boolean predicted = i + 1 < length && conversation.learned()[i + 1];
                    ids[at] = conversation.ids()[i];
                    targets[at] = predicted ? conversation.ids()[i + 1] : Nn.IGNORE;
                    documents[at] = document;
                    positions[at] = i;
                }
            }
            int end = (r + 1) * context;
            boundaries |= row.size() > 1 || at < end;
            for (int i = 0; at < end; i++, at++) {
                ids[at] = padId;
                targets[at] = Nn.IGNORE;
                documents[at] = row.size();
                positions[at] = i;
            }
        }
        return new Batch(
                Tensor.of(ids, chosen.length, context),
                Tensor.of(targets),
                Tensor.of(documents, chosen.length, context),
                Tensor.of(positions, chosen.length, context),
                boundaries);
    }
}
