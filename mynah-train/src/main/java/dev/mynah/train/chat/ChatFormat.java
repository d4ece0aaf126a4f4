package dev.mynah.train.chat;

import dev.mynah.data.Message;
import dev.mynah.data.Role;
import dev.mynah.text.Tokenizer;
import dev.mynah.text.chat.ChatMessage;
import dev.mynah.text.chat.ChatTemplate;
import dev.mynah.text.chat.RenderedChat;
import dev.mynah.text.jinja.Rendering;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * How a conversation becomes tokens to learn from: as the chat template beside the tokenizer writes it. What the assistant wrote is told by the template itself, where it marks that
 * ({@code {% generation %}}), or else by what is added to the text when a turn of the assistant is.
 */
public final class ChatFormat {

    private final Tokenizer tokenizer;
    private final ChatTemplate template;
    private final int end;

    /**
     * A conversation in tokens.
     *
     * @param ids the tokens
     * @param learned which of them the assistant wrote, the end of its turns included
     */
    @SuppressWarnings("ArrayRecordComponent") // tokens by the thousand; never compared
    public record Encoded(int[] ids, boolean[] learned) {}

    /** @throws IllegalArgumentException if the template does not tell where the assistant's turns begin and end */
    public ChatFormat(Tokenizer tokenizer) {
        this.tokenizer = tokenizer;
        this.template = ChatTemplate.of(tokenizer.config());
        Encoded probe = encode(List.of(new Message(Role.USER, "a"), new Message(Role.ASSISTANT, "b")));
        int last = probe.ids().length - 1;
        while (last > 0 && !probe.learned()[last]) {
            last--;
        }
        this.end = probe.ids()[last];
        if (!tokenizer.isSpecial(end)) {
            throw new IllegalArgumentException(
                    "the model's chat template ends an answer without a special token, so that no end could be learned");
        }
    }

    /** The token that ends a turn. */
    public int endId() {
        return end;
    }

    /** A whole conversation. */
    public Encoded encode(List<Message> messages) {
        RenderedChat rendered = render(messages, false);
        RenderedChat told = rendered.answers().isEmpty()
                ? new RenderedChat(rendered.marked(), answers(messages, rendered.text()))
                : rendered;
        RenderedChat.Labelled labelled = told.encodeForTraining(tokenizer);
        boolean[] learned = new boolean[labelled.ids().length];
        labelled.generated().stream().forEach(i -> learned[i] = true);
        return new Encoded(labelled.ids(), learned);
    }

    private RenderedChat render(List<Message> messages, boolean addGenerationPrompt) {
        List<ChatMessage> turns = messages.stream()
                .map(message ->
                        ChatMessage.of(ChatMessage.Role.of(message.role().id()), message.content()))
                .toList();
        return template.render(turns, List.of(), addGenerationPrompt, Map.of());
    }

    /** Where the assistant's turns stand in {@code text}, white space after their end left out. */
    private List<Rendering.Span> answers(List<Message> messages, String text) {
        List<Rendering.Span> spans = new ArrayList<>();
        for (int i = 0; i < messages.size(); i++) {
            if (messages.get(i).role() == Role.ASSISTANT) {
                String before = render(messages.subList(0, i), true).text();
                String after = render(messages.subList(0, i + 1), false).text().stripTrailing();
                if (!after.startsWith(before) || !text.startsWith(after)) {
                    throw new IllegalArgumentException(
                            "the model's chat template writes a turn differently when others follow, so that answers cannot be told from questions");
                }
                spans.add(new Rendering.Span(before.length(), after.length()));
            }
        }
        return spans;
    }

    /** A conversation and the beginning of the assistant's answer to it. */
    public int[] prompt(List<Message> messages) {
        return render(messages, true).encode(tokenizer);
    }

    /** A {@link #prompt} and an answer to it, to the end of its turn. */
    public int[] joined(int[] prompt, String text) {
        int[] answer = tokenizer.encode(text);
        int[] row = Arrays.copyOf(prompt, prompt.length + answer.length + 1);
        System.arraycopy(answer, 0, row, prompt.length, answer.length);
        row[row.length - 1] = end;
        return row;
    }
}
