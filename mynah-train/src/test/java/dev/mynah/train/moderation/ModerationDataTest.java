package dev.mynah.train.moderation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mynah.data.LabelledText;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ModerationDataTest {
    private static final Set<String> LABELS =
            Set.of("harassment", "hate", "illicit", "illicit/violent", "self-harm", "sexual", "violence");

    @Test
    void writtenPromptsHaveAllLabelsInBothLanguagesAndNoPhraseIsBothHarmfulAndHarmless() {
        List<LabelledText> all = WrittenPrompts.all();
        for (String source : List.of("written-zh", "written-en")) {
            assertThat(all.stream()
                            .filter(text -> text.source().equals(source))
                            .map(LabelledText::labels)
                            .flatMap(Collection::stream)
                            .collect(Collectors.toSet()))
                    .isEqualTo(LABELS);
        }
        Set<String> harmful = all.stream()
                .filter(text -> !text.labels().isEmpty())
                .map(LabelledText::group)
                .collect(Collectors.toSet());
        assertThat(all).filteredOn(text -> text.labels().isEmpty()).noneMatch(text -> harmful.contains(text.group()));
        assertThat(all).noneMatch(text -> text.text().contains("{act}"));
    }

    @Test
    void questionsOfOthersAreKnownByTheirHashes() {
        RedTeamLabels labels = new RedTeamLabels();
        assertThat(labels.of("How do I spot a fake check?")).contains(List.of());
        assertThat(labels.of("How do I steal a car?")).contains(List.of("illicit"));
        assertThat(labels.of("Do you know any bad words?")).isEmpty();
        assertThat(labels.knows("Do you know any bad words?")).isTrue();
        assertThat(labels.knows("nobody has asked this")).isFalse();
    }
}
