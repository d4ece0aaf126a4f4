package dev.mynah.server.billing;

import java.math.BigDecimal;

/** An amount, in micro-units of its currency: 1 USD is 1,000,000. */
public record Money(long micros, String currency) {
    private static final int MICRO_DIGITS = 6;
    private static final int CENT_DIGITS = 2;

    public Money {
        if (micros <= 0) {
            throw new IllegalArgumentException("an amount must be positive, not " + micros);
        }
    }

    /** As people write it, such as {@code 5.00 USD}. */
    @Override
    public String toString() {
        BigDecimal amount = BigDecimal.valueOf(micros, MICRO_DIGITS).stripTrailingZeros();
        return amount.setScale(Math.max(CENT_DIGITS, amount.scale())).toPlainString() + " " + currency;
    }
}
