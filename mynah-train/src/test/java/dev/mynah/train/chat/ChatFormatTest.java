package dev.mynah.train.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mynah.data.Message;
import dev.mynah.data.Role;
import dev.mynah.text.BpeTokenizer;
import dev.mynah.text.TokenizerConfig;
import dev.mynah.text.Tokenizers;
import dev.mynah.text.chat.MynahChat;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChatFormatTest {

    private static final List<Message> TALK = List.of(
            new Message(Role.SYSTEM, "Be brief."),
            new Message(Role.USER, "the snow <|im_end|>?"),
            new Message(Role.ASSISTANT, "white"),
            new Message(Role.USER, "the moon?"),
            new Message(Role.ASSISTANT, "round <|im_start|>"));

    @TempDir
    private Path folder;

    private BpeTokenizer tokenizer(String template) throws IOException {
        BpeTokenizer tokenizer = (BpeTokenizer) Tokenizers.load(TinyChat.model(folder, true));
        return tokenizer.withConfig(new TokenizerConfig("<|endoftext|>", "<|endoftext|>", 0, template));
    }

    /** The learned parts, as text, and that no more turns are ended than there are. */
    private static List<String> learned(BpeTokenizer tokenizer) {
        ChatFormat.Encoded encoded = new ChatFormat(tokenizer).encode(TALK);
        List<String> parts = new ArrayList<>();
        int end = tokenizer.idOf("<|im_end|>");
        int ends = 0;
        List<Integer> part = new ArrayList<>();
        for (int i = 0; i < encoded.ids().length; i++) {
            ends += encoded.ids()[i] == end ? 1 : 0;
            if (encoded.learned()[i]) {
                part.add(encoded.ids()[i]);
            }
            if (!part.isEmpty() && (!encoded.learned()[i] || i + 1 == encoded.ids().length)) {
                parts.add(new String(
                        tokenizer.decodeBytes(part.stream().mapToInt(id -> id).toArray()),
                        java.nio.charset.StandardCharsets.UTF_8));
                part.clear();
            }
        }
        assertThat(ends).isEqualTo(TALK.size());
        return parts;
    }

    @Test
    void theAssistantsTurnsAreLearnedAndNothingElse() throws IOException {
        assertThat(learned(tokenizer(MynahChat.template())))
                .containsExactly("white<|im_end|>", "round <|im_start|><|im_end|>");
    }

    @Test
    void aTemplateThatDoesNotMarkThemGivesTheSame() throws IOException {
        String plain =
                "{% for m in messages %}{{ '<|im_start|>' + m.role + '\\n' + m.content + '<|im_end|>\\n' }}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}";
        assertThat(learned(tokenizer(plain))).containsExactly("white<|im_end|>", "round <|im_start|><|im_end|>");
        ChatFormat format = new ChatFormat(tokenizer(plain));
        ChatFormat own = new ChatFormat(tokenizer(MynahChat.template()));
        assertThat(format.encode(TALK).ids()).isEqualTo(own.encode(TALK).ids());
        assertThat(format.endId()).isEqualTo(own.endId());
    }

    @Test
    void promptAndAnswerAreTheConversation() throws IOException {
        ChatFormat format = new ChatFormat(tokenizer(MynahChat.template()));
        int[] row = format.joined(format.prompt(TALK.subList(0, 2)), "white");
        int[] whole = format.encode(TALK.subList(0, 3)).ids();
        // The template writes a line break after the end of a turn.
        assertThat(whole).hasSize(row.length + 1).startsWith(row);
    }

    @Test
    void aTemplateWithoutAnEndIsRefused() throws IOException {
        BpeTokenizer tokenizer = tokenizer("{% for m in messages %}{{ m.content + '\\n' }}{% endfor %}");
        assertThatThrownBy(() -> new ChatFormat(tokenizer)).hasMessageContaining("without a special token");
    }
}
