package dev.mynah.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PromptsTest {

    @TempDir
    private Path folder;

    @Test
    void theLastAnswerIsLeftOutAndWhatNobodyAskedIsRefused() throws IOException {
        Path file = TestFiles.write(folder, "a.jsonl", """
                {"prompt": "q"}
                {"messages": [{"role": "user", "content": "q"}, {"role": "assistant", "content": "a"}]}
                {"prompt": [{"role": "user", "content": "q"}]}
                {"messages": [{"role": "system", "content": "s"}]}
                {"messages": [{"role": "user", "content": "q"}, {"role": "developer", "content": "d"}]}
                {"messages": [{"role": "user", "content": "q"}, {"role": "assistant", "content": "a"}, {"role": "assistant", "content": "b"}]}
                {"messages": [{"role": "assistant", "content": "a"}]}
                {"text": "q"}
                """);
        SkipLog skips = new SkipLog(false);
        List<Prompt> prompts = Prompts.read(List.of(SourceSpec.of(file.toString())), skips);
        assertThat(prompts)
                .hasSize(3)
                .allSatisfy(prompt -> assertThat(prompt.messages()).containsExactly(new Message(Role.USER, "q")));
        String nobody = "nothing to answer: no turn of the user comes last";
        assertThat(skips.report().first())
                .extracting(Skipped.Item::reason)
                .containsExactly(nobody, nobody, nobody, nobody, "prompt is missing");
    }
}
