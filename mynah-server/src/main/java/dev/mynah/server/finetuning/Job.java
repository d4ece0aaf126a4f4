package dev.mynah.server.finetuning;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A fine-tuning job.
 *
 * @param stopRequested  what it is to become as soon as its process has ended, or null
 * @param step           the last one that was seen
 * @param tokenLimit     what all steps are charged for
 * @param trainedTokens  what the steps until now are charged for
 * @param error          why it failed, in a sentence
 */
record Job(
        String id,
        String organisationId,
        String projectId,
        String userId,
        @Nullable String apiKeyId,
        String baseModel,
        JobSettings settings,
        String trainingFile,
        @Nullable String validationFile,
        JobState state,
        @Nullable JobState stopRequested,
        int step,
        int totalSteps,
        long tokenLimit,
        long trainedTokens,
        @Nullable String fineTunedModel,
        @Nullable String resultFile,
        @Nullable String error,
        Instant createdAt,
        @Nullable Instant startedAt,
        @Nullable Instant finishedAt) {}
