package dev.mynah.server.answer;

import dev.mynah.server.provider.Prompt;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Looks at what models are asked before they see it, and at what they say before it is shown. */
public interface ContentGuard {

    /**
     * What becomes of a question.
     *
     * @param prompts what the model is given
     * @param refusal what is said instead of an answer, or null
     */
    record Admission(List<Prompt> prompts, @Nullable String refusal) {
        public Admission {
            prompts = List.copyOf(prompts);
        }
    }

    /**
     * Checks a question.
     *
     * @param text gives the text of a prompt that is no conversation
     */
    Admission admit(Inference.Question question, Function<Prompt, String> text);

    /** What checks the answer. */
    OutputFilter filter(Inference.Question question);
}
