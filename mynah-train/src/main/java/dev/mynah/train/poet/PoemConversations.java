package dev.mynah.train.poet;

import dev.mynah.train.Resources;
import dev.mynah.train.poet.Demonstration.Kind;
import dev.mynah.train.poet.Demonstration.Message;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.random.RandomGenerator;
import tools.jackson.core.type.TypeReference;

/** Conversations that ask for poems, answered with poems of the corpus that keep the rules. */
final class PoemConversations {
    private static final Map<String, Asking> ASKING =
            Resources.read(PoemConversations.class, "poems.yaml", new TypeReference<>() {});

    /** A word is a theme of its own if it stands in so large a share of a form's poems; more often it says nothing. */
    private static final double RAREST = 0.002;

    private static final double MOST_FREQUENT = 0.06;

    /** Poems on a theme that are looked at for one that comes to it at once. */
    private static final int DRAWS = 8;

    private final PoemCorpus corpus;
    private final RandomGenerator random;
    private final boolean evaluation;

    /**
     * A source of conversations.
     *
     * @param evaluation whether people ask in the words that are held out of training
     */
    PoemConversations(PoemCorpus corpus, RandomGenerator random, boolean evaluation) {
        this.corpus = corpus;
        this.random = random;
        this.evaluation = evaluation;
    }

    /** A poem by form and theme, or by other things; empty where the corpus has none that fits. To begin with a given line takes more practice than anything else, so training has more of that than is judged. */
    Optional<Demonstration> poem() {
        Language language = language();
        return switch (random.nextInt(evaluation ? 20 : 24)) {
            case 0, 1 -> byTheme(language);
            case 2 -> byForm(language);
            case 3, 4 -> byTitle(language);
            case 5 -> byAuthor(language);
            case 6, 20, 21, 22, 23 -> byFirstLine(language);
            default -> byFormAndTheme(language);
        };
    }

    private Optional<Demonstration> byFormAndTheme(Language language) {
        PoemForm form = form();
        return theme(language, form)
                .flatMap(theme -> poemOn(form, theme)
                        .map(entry -> single(
                                fill(
                                        language,
                                        "formAndTheme",
                                        Map.of("form", name(form, language), "theme", theme.name(language))),
                                entry.poem().text(),
                                new PoemRequest(form, theme.words()))));
    }

    private Optional<Demonstration> byTheme(Language language) {
        PoemForm form = random.nextBoolean() ? PoemForm.FIVE_QUATRAIN : PoemForm.SEVEN_QUATRAIN;
        return theme(language, form)
                .flatMap(theme -> poemOn(form, theme)
                        .map(entry -> single(
                                fill(language, "theme", Map.of("theme", theme.name(language))),
                                entry.poem().text(),
                                new PoemRequest(null, theme.words()))));
    }

    private Optional<Demonstration> byForm(Language language) {
        PoemForm form = form();
        return pick(corpus.of(form))
                .map(entry -> single(
                        fill(language, "form", Map.of("form", name(form, language))),
                        entry.poem().text(),
                        new PoemRequest(form, List.of())));
    }

    private Optional<Demonstration> byTitle(Language language) {
        PoemForm form = form();
        return pick(corpus.of(form))
                .filter(entry -> isPlain(entry.title()) && entry.title().length() <= 6)
                .map(entry -> single(
                        fill(language, "title", Map.of("form", name(form, language), "title", entry.title())),
                        entry.poem().text(),
                        new PoemRequest(form, List.of())));
    }

    private Optional<Demonstration> byAuthor(Language language) {
        PoemForm form = form();
        return pick(corpus.of(form))
                .filter(entry -> isPlain(entry.author()) && entry.author().length() <= 3)
                .map(entry -> single(
                        fill(language, "author", Map.of("form", name(form, language), "author", entry.author())),
                        entry.poem().text(),
                        new PoemRequest(form, List.of())));
    }

    private Optional<Demonstration> byFirstLine(Language language) {
        PoemForm form = form();
        return pick(corpus.of(form)).map(entry -> {
            String line = entry.poem().lines().getFirst();
            return single(
                    fill(language, "line", Map.of("form", name(form, language), "line", line)),
                    entry.poem().text(),
                    new PoemRequest(form, List.of(line)));
        });
    }

    /** The second half of a quatrain whose first is given. */
    Optional<Demonstration> continuation() {
        Language language = language();
        PoemForm form = random.nextBoolean() ? PoemForm.FIVE_QUATRAIN : PoemForm.SEVEN_QUATRAIN;
        return pick(corpus.of(form)).map(entry -> {
            List<String> lines = entry.poem().lines();
            String couplet = new Poem(lines.subList(0, 2)).text();
            return new Demonstration(
                    Kind.CONTINUATION,
                    List.of(
                            Message.user(fill(language, "couplet", Map.of("couplet", couplet))),
                            Message.assistant(new Poem(lines.subList(2, 4)).text())),
                    new PoemRequest(form, List.of(), couplet));
        });
    }

    /** A poem on a theme and then one or two more: another one, another theme, or another form. */
    Optional<Demonstration> followUp() {
        Language language = language();
        PoemForm form = form();
        Optional<Theme> theme = theme(language, form);
        Optional<PoemCorpus.Entry> first = theme.flatMap(t -> poemOn(form, t));
        if (first.isEmpty()) {
            return Optional.empty();
        }
        List<Message> messages = new ArrayList<>();
        messages.add(Message.user(fill(
                language,
                "formAndTheme",
                Map.of("form", name(form, language), "theme", theme.get().name(language)))));
        messages.add(Message.assistant(first.get().poem().text()));
        PoemRequest request = new PoemRequest(form, theme.get().words());
        int turns = 1 + random.nextInt(2);
        for (int turn = 0; turn < turns; turn++) {
            Change change = change(language, request);
            Optional<PoemCorpus.Entry> next = poemOn(change.form(), change.theme());
            if (next.isEmpty()) {
                return Optional.empty();
            }
            messages.add(Message.user(change.asked()));
            messages.add(Message.assistant(next.get().poem().text()));
            request = new PoemRequest(change.form(), change.theme().words());
        }
        return Optional.of(new Demonstration(Kind.FOLLOW_UP, messages, request));
    }

    private record Change(String asked, PoemForm form, Theme theme) {}

    private Change change(Language language, PoemRequest last) {
        PoemForm form = Objects.requireNonNull(last.form());
        Theme same = new Theme("", "", last.theme());
        return switch (random.nextInt(9)) {
            case 0 -> new Change(fill(language, "again", Map.of()), form, same);
            case 1, 2 -> {
                Theme theme = theme(language, form).orElse(Theme.ALL.getFirst());
                yield new Change(fill(language, "newTheme", Map.of("theme", theme.name(language))), form, theme);
            }
            case 3 -> {
                PoemForm other = form();
                Theme theme = theme(language, other).orElse(Theme.ALL.getFirst());
                yield new Change(
                        fill(
                                language,
                                "formAndTheme",
                                Map.of("form", name(other, language), "theme", theme.name(language))),
                        other,
                        theme);
            }
            case 4 -> {
                PoemForm other = form();
                yield new Change(fill(language, "newForm", Map.of("form", name(other, language))), other, same);
            }
            case 5 -> {
                boolean toFour = form.lines() == 8;
                PoemForm other = PoemForm.of(toFour ? 4 : 8, form.lineLength()).orElseThrow();
                yield new Change(fill(language, toFour ? "fourLines" : "eightLines", Map.of()), other, same);
            }
            default -> {
                boolean toSeven = form.lineLength() == 5;
                PoemForm other = PoemForm.of(form.lines(), toSeven ? 7 : 5).orElseThrow();
                yield new Change(fill(language, toSeven ? "sevenCharacters" : "fiveCharacters", Map.of()), other, same);
            }
        };
    }

    private static Demonstration single(String asked, String answer, PoemRequest request) {
        return new Demonstration(Kind.POEM, List.of(Message.user(asked), Message.assistant(answer)), request);
    }

    private Language language() {
        return random.nextInt(3) == 0 ? Language.EN : Language.ZH;
    }

    /** Quatrains are asked for more often. */
    private PoemForm form() {
        PoemForm[] forms = PoemForm.values();
        return forms[random.nextInt(3) < 2 ? random.nextInt(2) : 2 + random.nextInt(2)];
    }

    private String name(PoemForm form, Language language) {
        return Phrases.name(form, language, random);
    }

    /** A theme with a name, or in Chinese any word that is neither too rare nor too frequent. */
    private Optional<Theme> theme(Language language, PoemForm form) {
        if (language == Language.EN || random.nextInt(5) < 3) {
            return Optional.of(Theme.ALL.get(random.nextInt(Theme.ALL.size())));
        }
        return pick(corpus.of(form)).flatMap(entry -> {
            List<String> words = new ArrayList<>(entry.poem().words());
            Collections.shuffle(words, random);
            return words.stream()
                    .filter(word -> isTelling(word, form))
                    .findFirst()
                    .map(word -> new Theme(word, word, List.of(word)));
        });
    }

    private boolean isTelling(String word, PoemForm form) {
        double share = (double) corpus.with(form, word).size() / corpus.of(form).size();
        return share >= RAREST && share <= MOST_FREQUENT;
    }

    /** A poem in which a word of the theme stands, rather one that comes to it in its first couplet: so a model learns to do that first, while it cannot have forgotten. */
    private Optional<PoemCorpus.Entry> poemOn(PoemForm form, Theme theme) {
        if (theme.words().isEmpty()) {
            return pick(corpus.of(form));
        }
        String word = theme.words().get(random.nextInt(theme.words().size()));
        List<PoemCorpus.Entry> entries = corpus.with(form, word);
        Optional<PoemCorpus.Entry> drawn = pick(entries);
        for (int i = 1;
                i < DRAWS
                        && drawn.filter(entry -> !entry.poem().beginsWith(word)).isPresent();
                i++) {
            drawn = pick(entries);
        }
        return drawn;
    }

    private Optional<PoemCorpus.Entry> pick(List<PoemCorpus.Entry> entries) {
        return entries.isEmpty() ? Optional.empty() : Optional.of(entries.get(random.nextInt(entries.size())));
    }

    private static boolean isPlain(String text) {
        return !text.isEmpty() && text.codePoints().allMatch(Character::isIdeographic);
    }

    private String fill(Language language, String kind, Map<String, String> values) {
        Asking asking = Objects.requireNonNull(ASKING.get(kind), kind);
        return Phrases.fill(asking.in(language, evaluation), values, random);
    }
}
