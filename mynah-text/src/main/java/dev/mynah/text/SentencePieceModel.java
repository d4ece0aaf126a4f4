package dev.mynah.text;

import dev.mynah.text.SentencePieceSpec.Kind;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The tables of a byte-pair encoding over characters, made for reading. */
final class SentencePieceModel {

    private final TokenTable tokens;
    private final int[] idOfByte = new int[256];
    private final int[] rankOfId;
    private final @Nullable MergeTable merges;

    SentencePieceModel(SentencePieceSpec spec) {
        List<byte[]> bytes = new ArrayList<>();
        Arrays.fill(idOfByte, spec.unknownId());
        for (int id = 0; id < spec.pieces().size(); id++) {
            boolean normal = spec.kinds().get(id) == Kind.NORMAL;
            bytes.add(normal ? spec.pieces().get(id).getBytes(StandardCharsets.UTF_8) : new byte[0]);
            if (spec.kinds().get(id) == Kind.BYTE) {
                idOfByte[Integer.parseInt(spec.pieces().get(id).substring(3, 5), 16)] = id;
            }
        }
        tokens = new TokenTable(bytes);
        switch (spec.order()) {
            case SentencePieceSpec.Scores scores -> {
                merges = null;
                rankOfId = ranks(scores.scores());
            }
            case SentencePieceSpec.Ranks ranks -> {
                merges = new MergeTable(ranks.merges(), spec.pieces().size());
                rankOfId = new int[0];
            }
        }
    }

    /** The place of each score among all, from the highest down; equal scores have equal ranks. */
    private static int[] ranks(List<Float> scores) {
        Map<Float, Integer> places = new TreeMap<>(Comparator.reverseOrder());
        scores.forEach(score -> places.put(score + 0f, 0));
        int place = 0;
        for (Map.Entry<Float, Integer> entry : places.entrySet()) {
            entry.setValue(place++);
        }
        return scores.stream()
                .mapToInt(score -> places.getOrDefault(score + 0f, 0))
                .toArray();
    }

    /** The token of a whole text, or -1. */
    int idOf(byte[] text) {
        return text.length == 0 ? -1 : tokens.id(text, 0, text.length);
    }

    /** Appends the ids of {@code text}, which is not empty. */
    void encode(byte[] text, List<Integer> ids) {
        int[] symbols = new int[text.length];
        int end = 0;
        for (int i = 0; i < text.length; i++) {
            if (i < end) {
                symbols[i] = LongPiece.inside();
            } else {
                end = i + length(text[i]);
                symbols[i] = tokens.id(text, i, end);
            }
        }
        new LongPiece(pairs(text), symbols).forEach((id, from, to) -> {
            if (id >= 0) {
                ids.add(id);
                return;
            }
            for (int i = from; i < to; i++) {
                ids.add(idOfByte[text[i] & 0xFF]);
            }
        });
    }

    private Pairs pairs(byte[] text) {
        MergeTable table = merges;
        if (table == null) {
            return (left, right, from, to) -> {
                int id = tokens.id(text, from, to);
                return id < 0 ? Pairs.NONE : Pairs.of(rankOfId[id], id);
            };
        }
        return (left, right, from, to) -> {
            int rank = left < 0 || right < 0 ? MergeTable.NONE : table.rank(left, right);
            return rank == MergeTable.NONE ? Pairs.NONE : Pairs.of(rank, table.result(rank));
        };
    }

    /** Bytes of the character that begins with {@code lead}, in well-formed UTF-8. */
    private static int length(byte lead) {
        int b = lead & 0xFF;
        return b < 0x80 ? 1 : b < 0xE0 ? 2 : b < 0xF0 ? 3 : 4;
    }
}
