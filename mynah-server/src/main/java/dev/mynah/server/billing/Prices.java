package dev.mynah.server.billing;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;

/**
 * What tokens cost.
 *
 * @param input       micro-units per million tokens of the prompt
 * @param cachedInput the same for those that were in the cache already
 * @param output      the same for generated tokens
 */
public record Prices(String currency, long input, long cachedInput, long output) {
    private static final int MILLION_DIGITS = 6;

    public Prices {
        if (input < 0 || cachedInput < 0 || output < 0) {
            throw new IllegalArgumentException("a price must not be negative");
        }
    }

    /** The same currency, and nothing to pay. */
    public Prices free() {
        return new Prices(currency, 0, 0, 0);
    }

    /** The cost in micro-units, rounded once, halves up. It never falls when tokens are added, so a reservation for the most covers the rest. */
    public long cost(TokenCounts tokens) {
        BigInteger sum = product(tokens.prompt() - tokens.cached(), input)
                .add(product(tokens.cached(), cachedInput))
                .add(product(tokens.completion(), output));
        return new BigDecimal(sum, MILLION_DIGITS)
                .setScale(0, RoundingMode.HALF_UP)
                .longValueExact();
    }

    /** The most that tokens can cost, however many of the prompt turn out to be cached. */
    public long most(TokenCounts tokens) {
        return Math.max(
                cost(new TokenCounts(tokens.prompt(), 0, tokens.completion())),
                cost(new TokenCounts(tokens.prompt(), tokens.prompt(), tokens.completion())));
    }

    private static BigInteger product(long tokens, long price) {
        return BigInteger.valueOf(tokens).multiply(BigInteger.valueOf(price));
    }
}
