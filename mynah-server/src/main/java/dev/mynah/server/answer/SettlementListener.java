package dev.mynah.server.answer;

import dev.mynah.server.billing.Outcome;

/** Has something to do in the transaction that settles an answer, whichever way and in whichever process that happens. */
public interface SettlementListener {

    /**
     * An answer that is a conversation's message is settled.
     *
     * @param text all of it that was committed
     */
    void settled(String answerId, String messageId, String text, Outcome outcome);
}
