package dev.mynah.train.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mynah.text.BpeTokenizer;
import dev.mynah.text.TokenizerConfig;
import dev.mynah.text.Tokenizers;
import dev.mynah.text.chat.MynahChat;
import dev.mynah.train.Datasets;
import dev.mynah.train.chat.ChatData.Splits;
import dev.mynah.train.config.ChatDataSection;
import dev.mynah.train.run.SilentMonitor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChatDataTest {

    private static final String ALTERNATING =
            "{% for m in messages %}{% if (m.role == 'user') != (loop.index0 % 2 == 0) %}{{ raise_exception('roles must alternate') }}{% endif %}{{ '<|im_start|>' + m.role + '\\n' + m.content + '<|im_end|>\\n' }}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}";

    @TempDir
    private Path folder;

    private BpeTokenizer tokenizer;

    @BeforeEach
    void makeTokenizer() throws IOException {
        tokenizer = (BpeTokenizer) Tokenizers.load(TinyChat.model(folder.resolve("model"), true));
    }

    private ChatFormat format(String template) {
        return new ChatFormat(tokenizer.withConfig(new TokenizerConfig("<|endoftext|>", "<|endoftext|>", 0, template)));
    }

    private interface Reader {
        Splits<?> read(ChatDataSection section, ChatFormat format) throws IOException;
    }

    private void assertRefusedByLine(String good, String bad, Reader reader) throws IOException {
        Path file = Files.writeString(folder.resolve("data.jsonl"), good + "\n" + bad + "\n" + good + "\n");
        ChatFormat format = format(ALTERNATING);
        assertThatThrownBy(() -> reader.read(section(file, false), format))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(file + ":2: ")
                .hasMessageContaining("roles must alternate");
        Splits<?> left = reader.read(section(file, true), format);
        assertThat(left.train()).hasSize(2);
        assertThat(left.skipped().count()).isEqualTo(1);
        assertThat(left.skipped().first().getFirst().toString()).contains(file + ":2: ", "roles must alternate");
    }

    private static ChatDataSection section(Path file, boolean skipBad) {
        return new ChatDataSection(List.of(file.toString()), List.of(), null, null, 0, skipBad);
    }

    @Test
    void whatTheChatTemplateRefusesIsToldByFileAndLine() throws IOException {
        Datasets none = new Datasets(folder.resolve("none.yaml"), null);
        String asked = "{\"role\": \"user\", \"content\": \"the snow\"}";
        String answered = asked + ", {\"role\": \"assistant\", \"content\": \"white\"}";
        String conversation = "{\"messages\": [%s]}";
        assertRefusedByLine(
                conversation.formatted(answered),
                conversation.formatted(asked + ", " + answered),
                (section, format) -> ChatData.conversations(section, none, format, 64, 1, new SilentMonitor()));
        assertRefusedByLine(
                conversation.formatted(asked),
                conversation.formatted(asked + ", " + asked),
                (section, format) -> ChatData.prompts(section, none, format, 64, 1, new SilentMonitor()));
        String ranking = "{\"prompt\": [%s], \"chosen\": \"white\", \"rejected\": \"wet\"}";
        assertRefusedByLine(
                ranking.formatted(asked),
                ranking.formatted(asked + ", " + asked),
                (section, format) -> ChatData.rankings(section, none, format, 64, 1, new SilentMonitor()));
    }

    @Test
    void aSampleOfRankingsIsFromTheWholeFile() throws IOException {
        Path file = TinyChat.rankings(folder.resolve("rankings.jsonl"), 60);
        List<EncodedRanking> all = ChatData.rankings(
                        section(file, false),
                        new Datasets(folder.resolve("none.yaml"), null),
                        format(MynahChat.template()),
                        64,
                        1,
                        new SilentMonitor())
                .train();
        long some = EncodedRanking.tokens(all) / 4;
        List<EncodedRanking> sample = EncodedRanking.sample(all, some, 7);
        assertThat(sample).doesNotHaveDuplicates().hasSizeBetween(12, 18);
        assertThat(EncodedRanking.sample(all, some, 7)).isEqualTo(sample);
        assertThat(sample.stream().filter(ranking -> all.indexOf(ranking) >= 30).count())
                .isBetween(3L, 12L);
        assertThat(EncodedRanking.sample(all, Long.MAX_VALUE, 7)).containsExactlyInAnyOrderElementsOf(all);
    }
}
