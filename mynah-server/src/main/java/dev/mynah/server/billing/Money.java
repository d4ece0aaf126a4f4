package dev.mynah.server.billing;

/** An amount, in micro-units of its currency: 1 USD is 1,000,000. */
public record Money(long micros, String currency) {
    public Money {
        if (micros <= 0) {
            throw new IllegalArgumentException("an amount must be positive, not " + micros);
        }
    }
}
