package dev.mynah.server.moderation;

import org.jspecify.annotations.Nullable;

/**
 * What an administrator changes of a policy. Null leaves a part as it is.
 *
 * @param reason    how a refusal is put; empty for the program's own words
 * @param guessed   what is done about what only the classifier finds in what users say
 * @param guessedOf the same for what models say
 * @param threshold from which of its probabilities
 */
record PolicyChange(
        @Nullable Action input,
        @Nullable Action output,
        @Nullable String reason,
        @Nullable Action guessed,
        @Nullable Action guessedOf,
        @Nullable Double threshold) {

    boolean changesGuess() {
        return guessed != null || guessedOf != null || threshold != null;
    }

    /**
     * The decision that follows.
     *
     * @param policy the policy that holds
     * @param before what was decided before, or null
     */
    RuleRepository.Decision over(Policy policy, RuleRepository.@Nullable Decision before) {
        @Nullable String said = before == null ? null : before.reason();
        return new RuleRepository.Decision(
                policy.category(),
                input == null ? policy.input() : input,
                output == null ? policy.output() : output,
                reason == null ? said : reason.isEmpty() ? null : reason,
                changesGuess() ? guess(policy.learned()) : before == null ? null : before.learned());
    }

    private Policy.@Nullable Guess guess(Policy.@Nullable Guess known) {
        return known == null
                ? null
                : new Policy.Guess(
                        guessed == null ? known.input() : guessed,
                        guessedOf == null ? known.output() : guessedOf,
                        threshold == null ? known.threshold() : threshold);
    }
}
