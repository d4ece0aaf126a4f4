package dev.mynah.server.answer;

import dev.mynah.server.billing.Reservation;
import dev.mynah.server.billing.Spender;
import org.jspecify.annotations.Nullable;

/**
 * What is to be known of an answer to settle it.
 *
 * @param messageId the message of a conversation that it becomes, or null
 */
record OpenAnswer(String modelId, @Nullable String messageId, Spender spender, Reservation reservation) {

    String id() {
        return reservation.answerId();
    }
}
