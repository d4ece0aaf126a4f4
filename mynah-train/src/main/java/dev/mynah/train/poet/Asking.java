package dev.mynah.train.poet;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Ways to say one thing.
 *
 * @param heldOut ways that evaluation alone uses, or null for the same
 */
record Asking(List<String> zh, List<String> en, @Nullable Asking heldOut) {

    /** The ways of one language that training, or evaluation, may use. */
    List<String> in(Language language, boolean evaluation) {
        Asking asking = evaluation && heldOut != null ? heldOut : this;
        return language == Language.ZH ? asking.zh : asking.en;
    }
}
