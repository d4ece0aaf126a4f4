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
        long wrongCharges) {

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
                && wrongCharges == 0;
    }
}
