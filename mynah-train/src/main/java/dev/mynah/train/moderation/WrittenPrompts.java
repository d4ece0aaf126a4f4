package dev.mynah.train.moderation;

import dev.mynah.data.LabelledText;
import dev.mynah.train.Resources;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;

/** Prompts that were written for the classifier, harmful and harmless, in Chinese and English: {@code prompts.yaml}. */
final class WrittenPrompts {
    private static final int WAYS_TO_ASK = 8;
    private static final String ACT = "{act}";

    private final Phrases phrases;
    private final List<LabelledText> texts = new ArrayList<>();
    private final SplittableRandom random = new SplittableRandom(1);

    private record Phrases(
            Map<String, List<String>> ask,
            Map<String, List<String>> askInSecret,
            List<Kind> harmful,
            Sentences harmless,
            Map<String, List<String>> harmlessActs) {}

    private record Sentences(List<String> zh, List<String> en) {}

    private record Kind(
            List<String> labels,
            List<String> zh,
            List<String> en,
            @Nullable List<String> zhSentences,
            @Nullable List<String> enSentences) {}

    private WrittenPrompts(Phrases phrases) {
        this.phrases = phrases;
    }

    /** All of them; an act is a group, whatever the way to ask. */
    static List<LabelledText> all() {
        WrittenPrompts prompts =
                new WrittenPrompts(Resources.read(WrittenPrompts.class, "prompts.yaml", new TypeReference<>() {}));
        prompts.make();
        return prompts.texts;
    }

    private void make() {
        for (Kind kind : phrases.harmful) {
            acts(kind.zh, "zh", kind.labels);
            acts(kind.en, "en", kind.labels);
            sentences(kind.zhSentences, "zh", kind.labels);
            sentences(kind.enSentences, "en", kind.labels);
        }
        sentences(phrases.harmless.zh, "zh", List.of());
        sentences(phrases.harmless.en, "en", List.of());
        phrases.harmlessActs.forEach((language, acts) -> acts(acts, language, List.of()));
    }

    private void acts(List<String> acts, String language, List<String> labels) {
        List<String> ways = new ArrayList<>(phrases.ask.getOrDefault(language, List.of()));
        if (!labels.isEmpty()) {
            ways.addAll(phrases.askInSecret.getOrDefault(language, List.of()));
        }
        for (String act : acts) {
            List<String> left = new ArrayList<>(ways);
            while (left.size() > Math.max(0, ways.size() - WAYS_TO_ASK)) {
                String way = left.remove(random.nextInt(left.size()));
                add(way.replace(ACT, act), language, labels, act);
            }
        }
    }

    private void sentences(@Nullable List<String> sentences, String language, List<String> labels) {
        if (sentences != null) {
            sentences.forEach(sentence -> add(sentence, language, labels, sentence));
        }
    }

    private void add(String text, String language, List<String> labels, String group) {
        texts.add(new LabelledText(text, new LinkedHashSet<>(labels), "written-" + language, group));
    }
}
