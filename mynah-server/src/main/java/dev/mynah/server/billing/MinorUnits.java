package dev.mynah.server.billing;

import java.math.BigInteger;
import java.util.Currency;

/** The smallest units that a currency is paid in (ISO 4217), such as cents: what payment providers count. */
public final class MinorUnits {
    private static final int MICRO_DIGITS = 6;

    private MinorUnits() {}

    /** How many micro-units make one. */
    public static long micros(String currency) {
        long micros = 1;
        for (int digit = Currency.getInstance(currency).getDefaultFractionDigits(); digit < MICRO_DIGITS; digit++) {
            micros *= 10;
        }
        return micros;
    }

    public static boolean isWhole(long micros, String currency) {
        return micros % micros(currency) == 0;
    }

    /**
     * An amount in these units.
     *
     * @throws IllegalArgumentException if it is no whole number of them
     */
    public static long of(Money amount) {
        if (!isWhole(amount.micros(), amount.currency())) {
            throw new IllegalArgumentException("an amount in " + amount.currency() + " must be a multiple of "
                    + micros(amount.currency()) + " micro-units");
        }
        return amount.micros() / micros(amount.currency());
    }

    /** The share {@code part / whole} of an amount in micro-units, rounded once to whole minor units, halves away from zero. */
    public static long share(long amount, long part, long whole, String currency) {
        BigInteger unit = BigInteger.valueOf(micros(currency)).multiply(BigInteger.valueOf(whole));
        BigInteger doubled = BigInteger.valueOf(Math.abs(amount))
                .multiply(BigInteger.valueOf(part))
                .shiftLeft(1)
                .add(unit);
        long units = doubled.divide(unit.shiftLeft(1)).longValueExact();
        return Long.signum(amount) * Math.multiplyExact(units, micros(currency));
    }
}
