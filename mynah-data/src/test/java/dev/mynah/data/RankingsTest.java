package dev.mynah.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RankingsTest {

    @TempDir
    private Path folder;

    private final SkipLog skips = new SkipLog(false);

    private List<Ranking> read(Path file) throws IOException {
        return Rankings.read(List.of(SourceSpec.of(file.toString())), skips);
    }

    @Test
    void pairsComeInSeveralLayouts() throws IOException {
        Path file = TestFiles.write(folder, "a.jsonl", """
                {"messages": [{"role": "user", "content": "q"}], "chosen": "good", "rejected": "bad"}
                {"prompt": "q", "chosen": "good", "rejected": "bad"}
                {"chosen": [{"role": "user", "content": "q"}, {"role": "assistant", "content": "good"}], "rejected": [{"role": "user", "content": "q"}, {"role": "assistant", "content": "bad"}]}
                {"prompt": [{"role": "user", "content": "q"}], "chosen": [{"role": "assistant", "content": "good"}], "rejected": [{"role": "assistant", "content": "bad"}]}
                {"prompt": "q", "messages": [{"role": "user", "content": "q"}, {"role": "assistant", "content": "good"}], "chosen": [{"role": "user", "content": "q"}, {"role": "assistant", "content": "good"}], "rejected": [{"role": "user", "content": "q"}, {"role": "assistant", "content": "bad"}]}
                """);
        List<Ranking> rankings = read(file);
        assertThat(rankings).hasSize(5).allSatisfy(ranking -> {
            assertThat(ranking.prompt()).containsExactly(new Message(Role.USER, "q"));
            assertThat(ranking.answers()).containsExactly("good", "bad");
            assertThat(ranking.pairs()).containsExactly(new Ranking.Pair(0, 1));
        });
        assertThat(skips.report().count()).isZero();
    }

    @Test
    void manyAnswersGiveAllPairsThatAreNoTies() throws IOException {
        Path file = TestFiles.write(folder, "a.jsonl", """
                {"prompt": "q", "answers": ["a", "b", "c"]}
                {"prompt": "q", "answers": ["a", "b", "c"], "ranks": [2, 1, 2]}
                """);
        List<Ranking> rankings = read(file);
        assertThat(rankings.get(0).pairs())
                .containsExactly(new Ranking.Pair(0, 1), new Ranking.Pair(0, 2), new Ranking.Pair(1, 2));
        assertThat(rankings.get(1).pairs()).containsExactly(new Ranking.Pair(1, 0), new Ranking.Pair(1, 2));
    }

    @Test
    void whatRanksNothingIsRefused() throws IOException {
        Path file = TestFiles.write(folder, "bad.jsonl", """
                {"prompt": "q", "answers": ["a", "b"], "ranks": [1, 1]}
                {"prompt": "q", "answers": ["a"]}
                {"prompt": "q", "answers": ["a", "b"], "ranks": [1]}
                {"prompt": "q", "answers": ["a", "b"], "ranks": [1, 0]}
                {"prompt": "q", "answers": ["a", 7]}
                {"prompt": "q", "answers": ["a", "a"]}
                {"prompt": "q", "chosen": "a"}
                {"prompt": "q", "chosen": "a", "rejected": ""}
                {"chosen": "a", "rejected": "b"}
                {"messages": [{"role": "user", "content": "q"}, {"role": "assistant", "content": "r"}], "chosen": "a", "rejected": "b"}
                {"chosen": [{"role": "user", "content": "q"}, {"role": "assistant", "content": "a"}], "rejected": [{"role": "user", "content": "r"}, {"role": "assistant", "content": "b"}]}
                {"prompt": "q", "chosen": [{"role": "user", "content": "q"}], "rejected": "b"}
                {"prompt": "q", "chosen": "a", "rejected": "b"}
                """);
        assertThat(read(file)).extracting(Ranking::record).containsExactly(13L);
        assertThat(skips.report().first())
                .extracting(Skipped.Item::reason)
                .containsExactly(
                        "all 2 answers are ties",
                        "a ranking needs at least 2 answers, found 1",
                        "there are 2 answers but 1 ranks",
                        "rank 0 is not a whole number from 1 on",
                        "answer 2 is not a text",
                        "an answer stands there twice",
                        "rejected is missing",
                        "answer 2 is empty or no well-formed text",
                        "no prompt: a field messages or prompt is needed",
                        "the prompt ends with a turn of the assistant, not of the user",
                        "chosen and rejected differ before the last turn",
                        "chosen does not end with an assistant turn");
    }
}
