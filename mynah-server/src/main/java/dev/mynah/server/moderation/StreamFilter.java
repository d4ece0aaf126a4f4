package dev.mynah.server.moderation;

import dev.mynah.engine.FinishReason;
import dev.mynah.engine.Usage;
import dev.mynah.server.answer.OutputFilter;
import dev.mynah.server.provider.GenerationEvent;
import dev.mynah.server.provider.TokenScore;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Checks an answer while it is generated. An event waits until all of its text is decided, so a token counts as delivered when it is shown; the wait is as long as the text may still become
 * something that is looked for. What is refused ends its choice, with a polite sentence.
 */
final class StreamFilter implements OutputFilter {
    private final Rules rules;
    private final int choiceCount;
    private final Consumer<Item> report;
    private final Map<Integer, Choice> choices = new HashMap<>();
    private int done;
    private boolean anyCut;

    /** @param report is told of what operators should see, at most once a category and choice */
    StreamFilter(Rules rules, int choiceCount, Consumer<Item> report) {
        this.rules = rules;
        this.choiceCount = choiceCount;
        this.report = report;
    }

    @Override
    public List<GenerationEvent> accept(GenerationEvent event) {
        return choices.computeIfAbsent(event.choice(), Choice::new).accept(event);
    }

    @Override
    public boolean isCut() {
        return anyCut && done == choiceCount;
    }

    /** An event and where its text ends. */
    private record Held(GenerationEvent event, int start, int end) {}

    private final class Choice {
        private final int number;
        private final Screen.Window window = rules.screen(Direction.OUTPUT).window();
        private final Deque<Held> held = new ArrayDeque<>();
        private @Nullable Finding cut;
        private boolean shown;

        Choice(int number) {
            this.number = number;
        }

        List<GenerationEvent> accept(GenerationEvent event) {
            return switch (event) {
                case GenerationEvent.End end -> end(end);
                case GenerationEvent.Failure failure -> fail(failure);
                case GenerationEvent.Token token -> cut == null ? take(token) : List.of();
            };
        }

        private List<GenerationEvent> take(GenerationEvent.Token token) {
            int start = window.length();
            window.append(token.text());
            held.add(new Held(token, start, window.length()));
            return release();
        }

        private List<GenerationEvent> end(GenerationEvent.End end) {
            if (cut != null) {
                return List.of(refusal(cut, end.usage()));
            }
            int start = window.length();
            window.append(end.text());
            List<GenerationEvent> released = finish();
            if (cut != null) {
                String rest = text(start, Math.max(start, cut.start()));
                GenerationEvent.End refusal = refusal(cut, end.usage());
                released.add(new GenerationEvent.End(number, rest + refusal.text(), refusal.reason(), refusal.usage()));
            } else {
                String rest = text(start, window.length());
                released.add(new GenerationEvent.End(number, rest, end.reason(), end.usage()));
            }
            return released;
        }

        private List<GenerationEvent> fail(GenerationEvent.Failure failure) {
            if (cut != null) {
                return List.of(refusal(cut, failure.usage()));
            }
            List<GenerationEvent> released = finish();
            released.add(cut == null ? failure : refusal(cut, failure.usage()));
            return released;
        }

        private List<GenerationEvent> finish() {
            window.finish();
            List<GenerationEvent> released = release();
            if (cut == null) {
                done++;
                window.findings().stream()
                        .filter(finding -> rules.action(Direction.OUTPUT, finding) == Action.WARN)
                        .findFirst()
                        .ifPresent(this::report);
            }
            return released;
        }

        /** Gives what is decided, up to the place where the text is cut. */
        private List<GenerationEvent> release() {
            int decided = window.decided();
            Optional<Finding> refused =
                    rules.refused(Direction.OUTPUT, window.findings()).filter(finding -> finding.start() < decided);
            int limit = refused.map(Finding::start).orElse(decided);
            List<GenerationEvent> released = new ArrayList<>();
            // A token without text is the beginning of a character that is not decided yet.
            Deque<Held> group = new ArrayDeque<>();
            while (!held.isEmpty() && held.getFirst().end <= limit) {
                Held next = held.removeFirst();
                group.add(next);
                if (next.end > next.start) {
                    group.forEach(one -> released.add(shown(one, one.end)));
                    group.clear();
                }
            }
            if (refused.isPresent()) {
                cut(refused.get(), released);
            } else if (decided == window.length() && window.isFinished()) {
                group.forEach(one -> released.add(shown(one, one.end)));
            } else {
                group.descendingIterator().forEachRemaining(held::addFirst);
            }
            return released;
        }

        private void cut(Finding finding, List<GenerationEvent> released) {
            if (!held.isEmpty() && held.getFirst().start < finding.start()) {
                released.add(shown(held.getFirst(), finding.start()));
            }
            held.clear();
            cut = finding;
            anyCut = true;
            done++;
            report(finding);
        }

        private void report(Finding finding) {
            report.accept(Item.of(
                    Direction.OUTPUT,
                    finding,
                    rules.action(Direction.OUTPUT, finding),
                    window.text(0, window.length())));
        }

        /** A token with as much of its text as may be seen. What is covered has no score, since that would name it. */
        private GenerationEvent shown(Held one, int end) {
            GenerationEvent.Token token = (GenerationEvent.Token) one.event;
            String text = text(one.start, end);
            shown |= !text.isEmpty();
            TokenScore score = text.equals(token.text()) ? token.score() : null;
            return new GenerationEvent.Token(number, text, token.tokens(), score);
        }

        private String text(int start, int end) {
            return rules.masked(Direction.OUTPUT, window.findings(), window.text(start, end), start);
        }

        private GenerationEvent.End refusal(Finding finding, Usage usage) {
            String reason = rules.policy(finding.category()).refusal(window.text(0, window.length()));
            return new GenerationEvent.End(number, (shown ? "\n\n" : "") + reason, FinishReason.CONTENT_FILTER, usage);
        }
    }
}
