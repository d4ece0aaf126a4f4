package dev.mynah.train.chat;

import dev.mynah.data.Message;
import dev.mynah.data.Role;
import dev.mynah.text.BpeTokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How a conversation becomes tokens: each turn is {@code <|im_start|>role\n content <|im_end|>\n} (ChatML). What people wrote is encoded as plain text, so that nobody forges a turn.
 */
public final class ChatFormat {

    /** The tokens that begin and end a turn. */
    public static final List<String> SPECIAL_TOKENS = List.of("<|im_start|>", "<|im_end|>");

    /** The same as a Jinja template, for other programs. */
    static final String TEMPLATE =
            "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>\\n' }}{% endfor %}"
                    + "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}";

    private final BpeTokenizer tokenizer;
    private final int start;
    private final int end;

    /**
     * A conversation in tokens.
     *
     * @param ids the tokens
     * @param learned which of them the assistant wrote, the end of its turns included
     */
    @SuppressWarnings("ArrayRecordComponent") // tokens by the thousand; never compared
    public record Encoded(int[] ids, boolean[] learned) {}

    /** @throws IllegalArgumentException if the tokenizer lacks one of {@link #SPECIAL_TOKENS} */
    public ChatFormat(BpeTokenizer tokenizer) {
        this.tokenizer = tokenizer;
        this.start = special(tokenizer, 0);
        this.end = special(tokenizer, 1);
    }

    private static int special(BpeTokenizer tokenizer, int which) {
        int id = tokenizer.idOf(SPECIAL_TOKENS.get(which));
        if (id < 0) {
            throw new IllegalArgumentException("the tokenizer lacks " + SPECIAL_TOKENS.get(which));
        }
        return id;
    }

    /** The token that ends a turn. */
    public int endId() {
        return end;
    }

    /** A whole conversation. */
    public Encoded encode(List<Message> messages) {
        Writer writer = new Writer();
        messages.forEach(writer::turn);
        return writer.finish();
    }

    /** A conversation and the beginning of the assistant's answer to it. */
    public int[] prompt(List<Message> messages) {
        Writer writer = new Writer();
        messages.forEach(writer::turn);
        writer.begin(Role.ASSISTANT);
        return writer.finish().ids();
    }

    /** What follows {@link #prompt}: an answer and the end of its turn. */
    public int[] answer(String text) {
        int[] ids = tokenizer.encode(text);
        int[] answer = Arrays.copyOf(ids, ids.length + 1);
        answer[ids.length] = end;
        return answer;
    }

    /** A {@link #prompt} and an answer to it, to the end of its turn. */
    public int[] joined(int[] prompt, String text) {
        int[] answer = answer(text);
        int[] row = Arrays.copyOf(prompt, prompt.length + answer.length);
        System.arraycopy(answer, 0, row, prompt.length, answer.length);
        return row;
    }

    private final class Writer {
        private final List<Integer> ids = new ArrayList<>();
        private final List<Boolean> learned = new ArrayList<>();

        void turn(Message message) {
            begin(message.role());
            add(answer(message.content()), message.role() == Role.ASSISTANT);
            add(tokenizer.encode("\n"), false);
        }

        void begin(Role role) {
            add(new int[] {start}, false);
            add(tokenizer.encode(role.id() + "\n"), false);
        }

        private void add(int[] tokens, boolean isLearned) {
            for (int token : tokens) {
                ids.add(token);
                learned.add(isLearned);
            }
        }

        Encoded finish() {
            boolean[] flags = new boolean[learned.size()];
            IntStream.range(0, flags.length).forEach(i -> flags[i] = learned.get(i));
            return new Encoded(ids.stream().mapToInt(Integer::intValue).toArray(), flags);
        }
    }
}
