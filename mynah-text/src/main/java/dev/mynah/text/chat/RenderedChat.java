package dev.mynah.text.chat;

import dev.mynah.text.MarkedText;
import dev.mynah.text.Tokenizer;
import dev.mynah.text.jinja.Rendering;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A conversation as the model reads it.
 *
 * @param marked the text, with who wrote which character
 * @param answers the parts that the assistant generated, for templates that tell ({@code {% generation %}}); ends of turns included
 */
public record RenderedChat(MarkedText marked, List<Rendering.Span> answers) {

    public RenderedChat {
        answers = List.copyOf(answers);
    }

    /** The text. */
    public String text() {
        return marked.text();
    }

    /**
     * Token ids: those of the reference, but that special tokens within messages are plain text. Nothing is added
     * before or after, since templates write BOS themselves.
     */
    public int[] encode(Tokenizer tokenizer) {
        return tokenizer.encode(marked);
    }

    /**
     * Token ids to train on, with the assistant's. A token never reaches from one side into the other, as when the
     * model generates.
     */
    public Labelled encodeForTraining(Tokenizer tokenizer) {
        IntStream.Builder ids = IntStream.builder();
        BitSet generated = new BitSet();
        int count = 0;
        int at = 0;
        for (Rendering.Span answer : answers) {
            count += add(ids, tokenizer.encode(marked.substring(at, answer.begin())));
            int begin = count;
            count += add(ids, tokenizer.encode(marked.substring(answer.begin(), answer.end())));
            generated.set(begin, count);
            at = answer.end();
        }
        add(ids, tokenizer.encode(marked.substring(at, marked.length())));
        return new Labelled(ids.build().toArray(), generated);
    }

    private static int add(IntStream.Builder to, int[] ids) {
        for (int id : ids) {
            to.add(id);
        }
        return ids.length;
    }

    /**
     * Token ids and which of them the assistant generated.
     *
     * @param generated indexes into {@code ids}
     */
    @SuppressWarnings("ArrayRecordComponent") // ids by the thousand; never compared
    public record Labelled(int[] ids, BitSet generated) {}
}
