package dev.mynah.train.poet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mynah.train.Resources;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.core.type.TypeReference;

class PhrasesTest {
    private static final Pattern ALTERNATIVES = Pattern.compile("\\(([^()]*)\\)");

    @Test
    void oneOfEachAlternativesIsSaidAndValuesArePutIn() {
        SplittableRandom random = new SplittableRandom(1);
        Set<String> said = new HashSet<>();
        for (int i = 0; i < 200; i++) {
            said.add(Phrases.fill(List.of("(|请)写{theme}(。|)"), Map.of("theme", "月(上弦|下弦)"), random));
        }
        assertThat(said).containsExactlyInAnyOrder("写月(上弦|下弦)", "写月(上弦|下弦)。", "请写月(上弦|下弦)", "请写月(上弦|下弦)。");
    }

    /** What evaluation asks with is nothing that training could ask with, whatever it draws. */
    @ParameterizedTest
    @EnumSource
    void noTrainingPhraseCanSayWhatIsHeldOut(Language language) {
        Map<String, Asking> all = Resources.read(Phrases.class, "poems.yaml", new TypeReference<>() {});
        Asking asking = Objects.requireNonNull(all.get("formAndTheme"));
        List<String> heldOut = asking.in(language, true);
        List<String> training = asking.in(language, false);
        assertThat(heldOut).isNotEqualTo(training);
        for (String phrase : training) {
            assertThat(heldOut).noneMatch(everySaying(phrase).asMatchPredicate());
        }
        assertThat(training)
                .anyMatch(phrase -> everySaying(phrase)
                        .matcher(Phrases.fill(List.of(phrase), Map.of(), new SplittableRandom(2)))
                        .matches());
    }

    /** Matches all that a phrase can say. */
    private static Pattern everySaying(String phrase) {
        StringBuilder pattern = new StringBuilder();
        int end = 0;
        var alternatives = ALTERNATIVES.matcher(phrase);
        while (alternatives.find()) {
            pattern.append(Pattern.quote(phrase.substring(end, alternatives.start())))
                    .append("(?:");
            String separator = "";
            for (String word : alternatives.group(1).split("\\|", -1)) {
                pattern.append(separator).append(Pattern.quote(word));
                separator = "|";
            }
            pattern.append(')');
            end = alternatives.end();
        }
        return Pattern.compile(pattern + Pattern.quote(phrase.substring(end)));
    }
}
