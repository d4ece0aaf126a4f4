package dev.mynah.train.poet;

import dev.mynah.train.Resources;
import dev.mynah.train.poet.Demonstration.Kind;
import dev.mynah.train.poet.Demonstration.Message;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.core.type.TypeReference;

/** Conversations about anything but new poems: greetings, the poet itself, famous poems, what it cannot know, and what it refuses. */
final class TalkConversations {
    private static final List<Talk> TALK =
            Resources.read(TalkConversations.class, "talk.yaml", new TypeReference<>() {});
    private static final Harm HARM = Resources.read(TalkConversations.class, "harm.yaml", new TypeReference<>() {});
    private static final Authorship AUTHORSHIP =
            Resources.read(TalkConversations.class, "authorship.yaml", new TypeReference<>() {});
    private static final List<List<String>> FAMOUS =
            Resources.read(TalkConversations.class, "famous.yaml", new TypeReference<>() {});

    private static final Pattern FIRST_CLAUSE = Pattern.compile("[：:。.]");
    private static final Set<String> REFUSALS = refusals();

    private final RandomGenerator random;
    private final boolean evaluation;

    /**
     * A source of conversations.
     *
     * @param evaluation whether people ask in the words that are held out of training
     */
    TalkConversations(RandomGenerator random, boolean evaluation) {
        this.random = random;
        this.evaluation = evaluation;
    }

    /** Whether an answer begins as the refusals do. */
    static boolean isRefusal(String answer) {
        return REFUSALS.stream().anyMatch(answer.strip()::startsWith);
    }

    private static Set<String> refusals() {
        return HARM.kinds().stream()
                .map(HarmKind::answer)
                .flatMap(asking -> Stream.concat(asking.zh().stream(), asking.en().stream()))
                .map(answer -> FIRST_CLAUSE.split(answer, 2)[0])
                .collect(Collectors.toUnmodifiableSet());
    }

    private record Talk(List<String> ask, List<String> heldOut, List<String> answer) {}

    private record Harm(Asking ask, List<HarmKind> kinds) {}

    private record HarmKind(String name, List<String> zh, List<String> en, Asking heldOut, Asking answer) {
        Asking acts() {
            return new Asking(zh, en, heldOut);
        }
    }

    private record Authorship(
            Asking ask,
            Asking askHeldOut,
            Map<String, String> answer,
            Asking wrong,
            Asking wrongHeldOut,
            Map<String, String> correction) {}

    Demonstration talk() {
        Talk talk = oneOf(TALK);
        return conversation(Kind.TALK, oneOf(evaluation ? talk.heldOut() : talk.ask()), oneOf(talk.answer()));
    }

    /** A request of a harmful kind, refused with a reason and an offer. */
    Demonstration harm() {
        Language language = language();
        HarmKind kind = oneOf(HARM.kinds());
        // A held-out act in any words, or any act in held-out words.
        boolean newAct = evaluation && random.nextBoolean();
        String act = oneOf(kind.acts().in(language, newAct));
        String asked = Phrases.fill(HARM.ask().in(language, evaluation && !newAct), Map.of("harm", act), random);
        return conversation(Kind.HARM, asked, oneOf(kind.answer().in(language, false)));
    }

    /** Who wrote a famous poem, or a question that takes it for somebody else's. */
    Demonstration authorship() {
        Language language = language();
        List<String> poem = oneOf(FAMOUS);
        String title = poem.get(language == Language.ZH ? 0 : 3);
        String author = author(poem, language);
        if (random.nextBoolean()) {
            Asking ask = evaluation ? AUTHORSHIP.askHeldOut() : AUTHORSHIP.ask();
            Map<String, String> values = Map.of("title", title, "author", author, "line", poem.get(4));
            return conversation(
                    Kind.AUTHORSHIP,
                    Phrases.fill(ask.in(language, false), values, random),
                    fill(AUTHORSHIP.answer(), language, values));
        }
        Asking wrong = evaluation ? AUTHORSHIP.wrongHeldOut() : AUTHORSHIP.wrong();
        Map<String, String> values = Map.of("title", title, "author", author, "wrong", otherAuthor(author, language));
        return conversation(
                Kind.AUTHORSHIP,
                Phrases.fill(wrong.in(language, false), values, random),
                fill(AUTHORSHIP.correction(), language, values));
    }

    private String otherAuthor(String author, Language language) {
        while (true) {
            String other = author(oneOf(FAMOUS), language);
            if (!other.equals(author)) {
                return other;
            }
        }
    }

    private static String author(List<String> poem, Language language) {
        return poem.get(language == Language.ZH ? 1 : 2);
    }

    private String fill(Map<String, String> template, Language language, Map<String, String> values) {
        String text = Objects.requireNonNull(template.get(language == Language.ZH ? "zh" : "en"));
        return Phrases.fill(List.of(text), values, random);
    }

    private static Demonstration conversation(Kind kind, String asked, String answer) {
        return new Demonstration(kind, List.of(Message.user(asked), Message.assistant(answer)), null);
    }

    private Language language() {
        return random.nextInt(3) == 0 ? Language.EN : Language.ZH;
    }

    private <T> T oneOf(List<T> items) {
        return items.get(random.nextInt(items.size()));
    }
}
