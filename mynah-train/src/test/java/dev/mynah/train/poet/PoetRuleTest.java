package dev.mynah.train.poet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.mynah.data.Message;
import dev.mynah.data.Role;
import dev.mynah.train.Datasets;
import dev.mynah.train.config.ChatDataSection;
import dev.mynah.train.config.PolicySection.Rule;
import dev.mynah.train.config.PolicySection.RuleName;
import dev.mynah.train.reward.RewardFunction.Answer;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PoetRuleTest {
    private static final List<Message> SNOW = List.of(new Message(Role.USER, "snow"));
    private static final List<Message> HARM = List.of(new Message(Role.USER, "harm"));

    private PoetRule rule;

    @BeforeEach
    void writePrompts(@TempDir Path folder) throws IOException {
        Path prompts = Files.writeString(folder.resolve("prompts.jsonl"), """
                {"messages": [{"role": "user", "content": "snow"}, {"role": "assistant", "content": "x"}], "kind": "poem", "request": {"form": "FIVE_QUATRAIN", "theme": ["雪"], "given": ""}}
                {"messages": [{"role": "user", "content": "harm"}, {"role": "assistant", "content": "x"}], "kind": "harm", "request": null}
                """);
        rule = open(List.of(prompts.toString()), List.of(), false);
    }

    private static PoetRule open(List<String> prompts, List<String> heldOut, boolean skipBad) throws IOException {
        return PoetRule.open(
                new Rule(RuleName.POET, 1, List.of()),
                new ChatDataSection(prompts, heldOut, null, null, 0, skipBad),
                new Datasets(Path.of("none.yaml"), null));
    }

    @Test
    void promptsAreReadAsAnyOthers(@TempDir Path folder) throws IOException {
        String talk = "{\"messages\": [{\"role\": \"user\", \"content\": \"%s\"}], \"kind\": \"talk\"}\n";
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(folder.resolve("packed.jsonl.gz")))) {
            out.write((talk.formatted("a") + "\n{\"broken\n" + talk.formatted("b")).getBytes(StandardCharsets.UTF_8));
        }
        assertThatThrownBy(() -> open(List.of(folder.toString()), List.of(), false))
                .hasMessageStartingWith(folder.resolve("packed.jsonl.gz") + ":3: not valid JSON");
        for (String path : List.of(folder.toString(), folder + "/*.gz")) {
            PoetRule read = open(List.of(path), List.of(), true);
            for (String asked : List.of("a", "b")) {
                assertThat(read.rewards(List.of(new Message(Role.USER, asked)), List.of("Hello!")))
                        .containsExactly(1);
            }
        }
        Path unkind = Files.writeString(folder.resolve("unkind.jsonl"), "{\"prompt\": \"a\"}\n");
        assertThatThrownBy(() -> open(List.of(unkind.toString()), List.of(), true))
                .hasMessageStartingWith(unkind + ":1 is no prompt of the poet");
    }

    @Test
    void aRuleThatIsBrokenCostsItsPart() {
        assertThat(rule.rewards(SNOW, List.of("风雪入高楼，寒江不见舟。\n梅花开满树，独坐忆春秋。"))).containsExactly(1);
        assertThat(rule.rewards(SNOW, List.of("风雨入高楼，寒江不见舟。\n梅花开满树，独坐忆春秋。"))[0]).isCloseTo(0.6, within(1e-9));
        assertThat(rule.rewards(SNOW, List.of("雪上雪高楼，雪中不见舟。\n梅花开满树，独坐忆春秋。"))[0]).isCloseTo(0.9, within(1e-9));
        assertThat(rule.rewards(SNOW, List.of(""))[0]).isLessThan(0.3);
    }

    /** A token a character: the theme is earned with the verse in which it stands, the form with the last one; a rhyme that fails takes away what was earned. */
    @Test
    void aPoemEarnsItsRewardVerseByVerse() {
        String poem = "风雪入高楼，寒江不见舟。\n梅花开满树，独坐忆春天。";
        double[] earned = rule.earned(
                new Answer(SNOW, poem), IntStream.rangeClosed(1, poem.length()).toArray());
        assertThat(earned[4]).isZero();
        assertThat(earned[5]).isCloseTo(0.6, within(1e-9));
        assertThat(earned[11]).isCloseTo(0.75, within(1e-9));
        assertThat(earned[23]).isCloseTo(0.75, within(1e-9));
        assertThat(earned[24]).isCloseTo(0.85, within(1e-9));
        assertThat(earned[24]).isEqualTo(rule.rewards(SNOW, List.of(poem))[0]);
    }

    @Test
    void whatIsNoPoemIsEarnedAtTheEnd() {
        assertThat(rule.earned(new Answer(HARM, "a poem"), new int[] {1, 2, 6})).containsExactly(0, 0, 0);
    }

    @Test
    void promptsOfFilesThatAreHeldOutAreKnown(@TempDir Path folder) throws IOException {
        String line =
                "{\"messages\": [{\"role\": \"user\", \"content\": \"%s\"}, {\"role\": \"assistant\", \"content\": \"x\"}], \"kind\": \"talk\"}\n";
        Path learned = Files.writeString(folder.resolve("learned.jsonl"), line.formatted("a"));
        Path heldOut = Files.writeString(folder.resolve("held-out.jsonl"), line.formatted("b"));
        PoetRule both = open(List.of(learned.toString()), List.of(heldOut.toString()), false);
        for (String asked : List.of("a", "b")) {
            assertThat(both.rewards(List.of(new Message(Role.USER, asked)), List.of("Hello!")))
                    .containsExactly(1);
        }
    }
}
