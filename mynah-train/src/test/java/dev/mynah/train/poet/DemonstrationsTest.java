package dev.mynah.train.poet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mynah.train.poet.Demonstration.Kind;
import dev.mynah.train.poet.Demonstration.Message;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class DemonstrationsTest {
    private static final RhymeTable RHYMES = RhymeTable.load();
    private static PoemCorpus corpus;
    private static Demonstrations demonstrations;

    @BeforeAll
    static void readPoems() throws IOException {
        corpus = PoemCorpus.read(List.of(Path.of("../recipes/corpora/tang-poems.jsonl.gz")), RHYMES);
        demonstrations = new Demonstrations(corpus);
    }

    @Test
    void everyPoemKeepsTheRulesThatItIsJudgedBy() {
        PoemChecker checker = new PoemChecker(RHYMES, Set.of());
        int poems = 0;
        for (Demonstration demonstration : demonstrations.training(3000, 1)) {
            if (demonstration.request() != null) {
                String answer = demonstration.messages().getLast().content();
                assertThat(checker.check(answer, demonstration.request()).all())
                        .as("%s", demonstration)
                        .isTrue();
                poems++;
            }
        }
        assertThat(poems).isBetween(2200, 2700);
    }

    /** Half of all poems with a word have it in their first couplet; of the demonstrations nearly all do. */
    @Test
    void poemsComeToTheirThemeAtOnce() {
        List<Demonstration> themed = demonstrations.training(3000, 9).stream()
                .filter(d -> d.kind() == Kind.POEM && !theme(d).isEmpty())
                .toList();
        assertThat(themed).hasSizeGreaterThan(1200);
        assertThat(themed)
                .filteredOn(DemonstrationsTest::beginsWithItsTheme)
                .hasSizeGreaterThan(themed.size() * 9 / 10);
    }

    private static boolean beginsWithItsTheme(Demonstration demonstration) {
        Poem poem = Poem.of(demonstration.messages().getLast().content());
        return theme(demonstration).stream().anyMatch(poem::beginsWith);
    }

    private static List<String> theme(Demonstration demonstration) {
        return demonstration.request() == null
                ? List.of()
                : demonstration.request().theme();
    }

    @Test
    void wordsOfAPoemAreItsCharactersAndWhatItsHalvesBeginWith() {
        assertThat(Poem.of("春眠不觉晓，处处闻啼鸟。").words())
                .containsExactlyInAnyOrder("春", "眠", "不", "觉", "晓", "处", "闻", "啼", "鸟", "春眠", "不觉", "处处", "闻啼");
    }

    @Test
    void theCorpusKnowsItsOwnLines() {
        PoemChecker checker = new PoemChecker(RHYMES, corpus.knownLines());
        PoemRequest any = new PoemRequest(null, List.of());
        for (Demonstration demonstration : demonstrations.heldOut(Kind.POEM, 50, 2)) {
            String poem = demonstration.messages().getLast().content();
            assertThat(checker.check(poem, any)).isEqualTo(new PoemVerdict(true, true, true, true, false, true));
        }
    }

    @Test
    void conversationsAlternateAndEndWithTheAssistant() {
        for (Demonstration demonstration : demonstrations.training(1000, 3)) {
            List<Message> messages = demonstration.messages();
            assertThat(messages.size()).isEven();
            for (int i = 0; i < messages.size(); i++) {
                assertThat(messages.get(i).role()).isEqualTo(i % 2 == 0 ? "user" : "assistant");
                assertThat(messages.get(i).content()).isNotBlank().doesNotContain("{");
            }
        }
    }

    @Test
    void everyKindComesAsOftenAsItShould() {
        List<Demonstration> all = demonstrations.training(4000, 4);
        assertThat(all.stream().filter(d -> d.kind() == Kind.HARM).count()).isBetween(250L, 420L);
        assertThat(all.stream().filter(d -> d.kind() == Kind.FOLLOW_UP).count()).isBetween(500L, 760L);
    }

    /** Single questions only: what a follow-up asks for has no words that are held out. */
    @Test
    void whatIsHeldOutIsNotInTraining() {
        Set<String> asked = new HashSet<>();
        demonstrations
                .training(20_000, 5)
                .forEach(d -> asked.add(d.messages().getFirst().content()));
        for (Kind kind : List.of(Kind.TALK, Kind.AUTHORSHIP, Kind.HARM)) {
            for (Demonstration demonstration : demonstrations.heldOut(kind, 100, 6)) {
                assertThat(asked)
                        .doesNotContain(demonstration.messages().getFirst().content());
            }
        }
    }

    @Test
    void theSameSeedGivesTheSame() {
        assertThat(demonstrations.training(100, 7)).isEqualTo(demonstrations.training(100, 7));
        assertThat(demonstrations.training(100, 7)).isNotEqualTo(demonstrations.training(100, 8));
    }
}
