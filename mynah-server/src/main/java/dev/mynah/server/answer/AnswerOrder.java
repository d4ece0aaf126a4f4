package dev.mynah.server.answer;

import dev.mynah.server.account.Caller;
import dev.mynah.server.billing.Plan;
import dev.mynah.server.provider.PreparedGeneration;
import dev.mynah.server.provider.RegisteredModel;
import org.jspecify.annotations.Nullable;

/**
 * An answer that is wished for.
 *
 * @param endpoint  where it was asked for, such as {@code /v1/chat/completions}
 * @param messageId the message of a conversation that it becomes, or null
 * @param filter    what may be shown of it, for this one answer
 */
public record AnswerOrder(
        String id,
        Caller caller,
        Plan plan,
        RegisteredModel model,
        String endpoint,
        @Nullable String messageId,
        PreparedGeneration generation,
        OutputFilter filter) {}
