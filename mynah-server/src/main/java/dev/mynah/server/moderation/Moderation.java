package dev.mynah.server.moderation;

import dev.mynah.server.answer.ContentGuard;
import dev.mynah.server.answer.Inference;
import dev.mynah.server.answer.OutputFilter;
import dev.mynah.server.provider.Prompt;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Applies the rules to what is asked and to what is answered. */
@Component
final class Moderation implements ContentGuard {
    private final RuleBook book;
    private final Violations violations;

    Moderation(RuleBook book, Violations violations) {
        this.book = book;
        this.violations = violations;
    }

    @Override
    public Admission admit(Inference.Question question, Function<Prompt, String> text) {
        InputCheck check = new InputCheck(book.rules());
        List<Prompt> prompts = question.prompts().stream()
                .map(prompt -> check.checked(prompt, text))
                .toList();
        String warning = "";
        for (Item item : check.items()) {
            Violations.Standing standing = violations.record(origin(question), item);
            warning = item.action().refuses() ? warning(standing, item.excerpt()) : warning;
        }
        @Nullable String refusal = check.refusal();
        return new Admission(prompts, refusal == null ? null : refusal + warning);
    }

    private static String warning(Violations.Standing standing, String text) {
        @Nullable Instant until = standing.suspendedUntil();
        boolean chinese = Policy.isChinese(text);
        if (until != null) {
            return chinese
                    ? "\n\n由于多次违规，本账户的生成功能暂停至 " + until + "。"
                    : "\n\nAs this happened several times, generation is suspended for this account until " + until
                            + ".";
        }
        if (standing.strikes() < standing.warnAt()) {
            return "";
        }
        return chinese
                ? "\n\n提醒：这是第 " + standing.strikes() + " 次，满 " + standing.suspendAt() + " 次将暂停生成功能。"
                : "\n\nPlease note: this was number " + standing.strikes() + "; at " + standing.suspendAt()
                        + " generation is suspended for a while.";
    }

    @Override
    public OutputFilter filter(Inference.Question question) {
        int choices = question.prompts().size() * question.choices();
        return new StreamFilter(book.rules(), choices, item -> violations.record(origin(question), item));
    }

    private static Violations.Origin origin(Inference.Question question) {
        return new Violations.Origin(question.caller().userId(), question.id(), question.endpoint());
    }
}
