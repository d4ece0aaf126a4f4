package dev.mynah.server.moderation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mynah.engine.FinishReason;
import dev.mynah.engine.Usage;
import dev.mynah.server.provider.GenerationEvent;
import dev.mynah.server.provider.TokenScore;
import dev.mynah.text.chat.ToolCall;
import dev.mynah.text.classify.TextClassifier;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StreamFilterTest {
    private static final Rules RULES = rules(null);
    private static final Rules LEARNED = rules(LearnedTest.classifier("heist"));
    private static final Usage USAGE = new Usage(3, 1, 9);
    private static final TokenScore SCORE = new TokenScore(new TokenScore.Candidate("?", List.of(), -1), List.of());
    private static final GenerationEvent.End END = new GenerationEvent.End(0, "", FinishReason.STOP, USAGE);

    private static Rules rules(@Nullable TextClassifier classifier) {
        Map<Category, Policy> policies = new EnumMap<>(Policy.defaults(null));
        policies.replaceAll((category, policy) -> new Policy(category, Action.ALLOW, Action.ALLOW, "不行。", "No.", null));
        policies.put(Category.CUSTOM, new Policy(Category.CUSTOM, Action.REFUSE, Action.REFUSE, "不行。", "No.", null));
        policies.put(Category.HATE, new Policy(Category.HATE, Action.MASK, Action.MASK, "不行。", "No.", null));
        policies.put(
                Category.HARASSMENT, new Policy(Category.HARASSMENT, Action.WARN, Action.WARN, "不行。", "No.", null));
        Policy.Guess guess = new Policy.Guess(Action.REFUSE, Action.REFUSE, 0.5);
        policies.put(Category.ILLICIT, new Policy(Category.ILLICIT, Action.ALLOW, Action.ALLOW, "不行。", "No.", guess));
        policies.put(
                Category.PERSONAL_DATA,
                new Policy(Category.PERSONAL_DATA, Action.MASK, Action.MASK, "不行。", "No.", null));
        return new Rules(
                new Folding(),
                List.of(
                        new Lexicon.Word(Category.CUSTOM, "炸弹"),
                        new Lexicon.Word(Category.CUSTOM, "dirty bomb plan"),
                        new Lexicon.Word(Category.CUSTOM, "bomb"),
                        new Lexicon.Word(Category.HATE, "vermin"),
                        new Lexicon.Word(Category.HATE, "劣等人种"),
                        new Lexicon.Word(Category.HARASSMENT, "fool")),
                classifier,
                policies);
    }

    /** What is shown of a text that is known as a whole. */
    private static String oneShot(String text) {
        List<Finding> findings = LEARNED.screen(Direction.OUTPUT).findings(text);
        Optional<Finding> refused = LEARNED.refused(Direction.OUTPUT, findings);
        int end = refused.map(Finding::start).orElse(text.length());
        String shown = LEARNED.masked(Direction.OUTPUT, findings, text.substring(0, end), 0);
        return refused.map(finding -> shown
                        + (shown.isEmpty() ? "" : "\n\n")
                        + LEARNED.policy(finding.category()).refusal(text))
                .orElse(shown);
    }

    private static String text(List<GenerationEvent> events) {
        StringBuilder text = new StringBuilder();
        for (GenerationEvent event : events) {
            text.append(
                    switch (event) {
                        case GenerationEvent.Token token -> token.text();
                        case GenerationEvent.Call call -> call.call().arguments();
                        case GenerationEvent.End end -> end.text();
                        case GenerationEvent.Failure failure -> "";
                    });
        }
        return text.toString();
    }

    private static List<GenerationEvent> filtered(StreamFilter filter, Stream<String> pieces, GenerationEvent end) {
        List<GenerationEvent> shown = new ArrayList<>();
        pieces.forEach(piece -> shown.addAll(filter.accept(new GenerationEvent.Token(0, piece, 1, SCORE))));
        shown.addAll(filter.accept(end));
        return shown;
    }

    @Test
    void howeverATextIsCutTheSameIsShown() {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(5);
        String[] parts = {
            "炸",
            "弹",
            " ",
            "dirty ",
            "bomb",
            "b o m b",
            " plan",
            "ver",
            "min",
            "劣等",
            "人种",
            "fool",
            "x",
            "heist",
            "nothing here that anybody would ever mind",
            ". ",
            "。",
            "，",
            "4111 1111 1111 ",
            "1111",
            "a b c ",
            "诗",
            "zhadan",
            "\n"
        };
        for (int round = 0; round < 4000; round++) {
            StringBuilder all = new StringBuilder();
            for (int i = random.nextInt(1, 10); i > 0; i--) {
                all.append(parts[random.nextInt(parts.length)]);
            }
            String text = all.toString();
            List<String> pieces = new ArrayList<>();
            for (int at = 0; at < text.length(); ) {
                int end = Math.min(text.length(), at + random.nextInt(0, 5));
                pieces.add(text.substring(at, end));
                at = end;
            }
            List<Item> items = new ArrayList<>();
            StreamFilter filter = new StreamFilter(LEARNED, 1, items::add);
            List<GenerationEvent> shown = filtered(filter, pieces.stream(), END);

            GenerationEvent.End end = (GenerationEvent.End) shown.getLast();
            boolean cut = end.reason() == FinishReason.CONTENT_FILTER;
            // The sentence is in the language of what came until the cut.
            String expected = oneShot(text);
            assertThat(text(shown).replace("不行。", "No."))
                    .as("%s as %s", text, pieces)
                    .isEqualTo(expected.replace("不行。", "No."));
            assertThat(cut).isEqualTo(filter.isCut()).isEqualTo(expected.endsWith("No.") || expected.endsWith("不行。"));
            assertThat(end.usage()).isEqualTo(USAGE);
            int tokens = shown.size() - 1;
            assertThat(tokens).isLessThanOrEqualTo(pieces.size());
            if (!cut) {
                assertThat(tokens).isEqualTo(pieces.size());
                boolean warns = LEARNED.screen(Direction.OUTPUT).findings(text).stream()
                        .anyMatch(finding -> finding.category() == Category.HARASSMENT);
                assertThat(items).hasSize(warns ? 1 : 0);
            }
        }
    }

    @Test
    void callsKeepTheirPlaceAndAreRefusedWhole() {
        List<Item> items = new ArrayList<>();
        StreamFilter filter = new StreamFilter(RULES, 1, items::add);
        List<GenerationEvent> shown = new ArrayList<>(filter.accept(new GenerationEvent.Token(0, "so ", 1, SCORE)));
        shown.addAll(filter.accept(call("{\"about\":\"snow\"}")));
        shown.addAll(filter.accept(END));
        assertThat(text(shown)).isEqualTo("so {\"about\":\"snow\"}");
        assertThat(items).isEmpty();

        filter = new StreamFilter(RULES, 1, items::add);
        shown = new ArrayList<>(filter.accept(call("{\"about\":\"a b-o-m-b\"}")));
        shown.addAll(filter.accept(call("{}")));
        shown.addAll(filter.accept(END));
        assertThat(text(shown)).isEqualTo("No.");
        assertThat(items).hasSize(1);
        assertThat(filter.isCut()).isTrue();
    }

    private static GenerationEvent call(String arguments) {
        return new GenerationEvent.Call(0, new ToolCall("call_1", "write", arguments));
    }

    @Test
    void theBeginningOfAWordIsNotShownAndNotCounted() {
        List<Item> items = new ArrayList<>();
        StreamFilter filter = new StreamFilter(RULES, 1, items::add);
        List<GenerationEvent> shown = filtered(filter, "a dirty bom".chars().mapToObj(Character::toString), END);
        assertThat(text(shown)).isEqualTo("a dirty bom");

        filter = new StreamFilter(RULES, 1, items::add);
        shown = filtered(filter, "a bomb is".chars().mapToObj(Character::toString), END);
        assertThat(text(shown)).isEqualTo("a \n\nNo.");
        assertThat(shown).hasSize(3);
        assertThat(items).containsExactly(new Item(Direction.OUTPUT, Category.CUSTOM, Action.REFUSE, "a bomb ", null));
    }

    @Test
    void aSentenceIsHeldUntilTheClassifierHasSeenItAndNothingShownIsTakenBack() {
        List<Item> items = new ArrayList<>();
        StreamFilter filter = new StreamFilter(LEARNED, 1, items::add);
        String fine = "All of this is fine, as anybody can see who reads it. ";
        assertThat(text(filter.accept(new GenerationEvent.Token(0, "All of", 2, SCORE))))
                .isEmpty();
        assertThat(text(filter.accept(new GenerationEvent.Token(0, fine.substring(6), 9, SCORE))))
                .isEqualTo(fine);
        assertThat(text(filter.accept(new GenerationEvent.Token(0, "Now", 1, SCORE))))
                .isEmpty();
        List<GenerationEvent> shown = filtered(filter, Stream.of(" the ", "heist", ". And"), END);
        assertThat(text(shown)).isEqualTo("\n\nNo.");
        assertThat(items).hasSize(1);
        assertThat(items.getFirst().probability()).isGreaterThan(0.5);
    }

    @Test
    void whatIsCoveredHasNoScore() {
        StreamFilter filter = new StreamFilter(RULES, 1, item -> {});
        List<GenerationEvent> shown = filtered(filter, Stream.of("the ", "", "ver", "min", " runs"), END);
        assertThat(text(shown)).isEqualTo("the ****** runs");
        assertThat(shown.stream()
                        .filter(GenerationEvent.Token.class::isInstance)
                        .map(event -> ((GenerationEvent.Token) event).score() != null))
                .containsExactly(true, true, false, false, true);
    }

    @Test
    void aFailureShowsWhatCameBefore() {
        StreamFilter filter = new StreamFilter(RULES, 1, item -> {});
        GenerationEvent.Failure failure = new GenerationEvent.Failure(0, new IllegalStateException("broken"), USAGE);
        List<GenerationEvent> shown = filtered(filter, Stream.of("di", "rty"), failure);
        assertThat(text(shown)).isEqualTo("dirty");
        assertThat(shown.getLast()).isEqualTo(failure);
    }

    @Test
    void ofSeveralChoicesOneMayGoOn() {
        StreamFilter filter = new StreamFilter(RULES, 2, item -> {});
        filter.accept(new GenerationEvent.Token(0, "炸弹", 1, null));
        assertThat(filter.isCut()).isFalse();
        filter.accept(new GenerationEvent.Token(1, "诗", 1, null));
        filter.accept(new GenerationEvent.End(1, "", FinishReason.STOP, USAGE));
        assertThat(filter.isCut()).isTrue();
    }
}
