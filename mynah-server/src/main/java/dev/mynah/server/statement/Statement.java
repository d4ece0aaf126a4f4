package dev.mynah.server.statement;

import java.time.Instant;
import java.util.List;

/**
 * A closed month of a wallet. All amounts are micro-units of its currency; those that left the wallet are negative among the entries and positive in the usage.
 *
 * @param number   counts all statements of the service, without gaps
 * @param opening  the balance when the month began
 * @param closing  the balance when it ended: the opening one, less the usage and its rounding, with all entries
 * @param usage    what answers cost, by model, price and direction
 * @param rounding what answers were charged beyond the sum of the usage: each answer is rounded once, to a whole micro-unit
 * @param entries  everything else that moved the balance, in its order
 */
public record Statement(
        String id,
        long number,
        String organisationId,
        String currency,
        Instant monthStart,
        Instant monthEnd,
        long opening,
        long closing,
        List<UsageLine> usage,
        long rounding,
        List<Entry> entries) {

    public Statement {
        usage = List.copyOf(usage);
        entries = List.copyOf(entries);
    }

    /**
     * Tokens of one kind.
     *
     * @param direction {@code input}, {@code cached_input} or {@code output}
     * @param price     per million tokens
     */
    public record UsageLine(String model, String direction, long tokens, long price, long amount) {}

    /**
     * A payment, a refund, a voucher, a month of a subscription, a gift.
     *
     * @param kind      as the ledger names it
     * @param reference what it was booked under
     */
    public record Entry(Instant at, String kind, String reference, long amount) {}
}
