package dev.mynah.server.ops;

/**
 * The books added up. All but the first two must be zero, and the sum too.
 *
 * @param swept                     answers of killed processes that were settled before
 * @param entries                   of the ledger
 * @param sum                       of all entries, in micro-units
 * @param unbalancedTransfers       transfers whose entries do not add up to nothing, or mix currencies
 * @param wrongBalances             wallets whose balance is not the sum of their entries
 * @param negativeBalances          wallets with less than nothing, or less than is held of them
 * @param wrongHolds                wallets of which not that is held which running answers reserved
 * @param staleReservations         open reservations whose answer nobody generates any more
 * @param answersWithoutSettlement  settled answers of which nobody knows how
 * @param settlementsWithoutAnswer  settlements of answers that are not there, or still run
 * @param wrongCharges              settlements that differ from their transfer, their usage or their reservation
 * @param wrongPayments             payments that differ from what the wallets were given for them, and gifts that pass for payments
 * @param wrongRefunds              payments whose refunds do not add up, and refunds that differ from the ledger
 * @param wrongVouchers             vouchers redeemed more often than they may be, or otherwise than the ledger says
 * @param wrongSubscriptions        months that were charged without being booked or booked without being charged, and subscriptions whose month or plan is another
 * @param wrongCaps                 spend caps whose count is not what their answers cost
 * @param wrongStatements           statements whose balances are not the ledger's, and numbers that are missing
 */
public record AuditReport(
        long swept,
        long entries,
        long sum,
        long unbalancedTransfers,
        long wrongBalances,
        long negativeBalances,
        long wrongHolds,
        long staleReservations,
        long answersWithoutSettlement,
        long settlementsWithoutAnswer,
        long wrongCharges,
        long wrongPayments,
        long wrongRefunds,
        long wrongVouchers,
        long wrongSubscriptions,
        long wrongCaps,
        long wrongStatements) {

    /** Whether everything adds up. */
    public boolean isClean() {
        return sum == 0
                && unbalancedTransfers == 0
                && wrongBalances == 0
                && negativeBalances == 0
                && wrongHolds == 0
                && staleReservations == 0
                && answersWithoutSettlement == 0
                && settlementsWithoutAnswer == 0
                && wrongCharges == 0
                && wrongPayments == 0
                && wrongRefunds == 0
                && wrongVouchers == 0
                && wrongSubscriptions == 0
                && wrongCaps == 0
                && wrongStatements == 0;
    }
}
