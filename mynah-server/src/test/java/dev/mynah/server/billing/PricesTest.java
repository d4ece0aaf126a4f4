package dev.mynah.server.billing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class PricesTest {
    @Test
    void costsAreRoundedOnce() {
        Prices prices = new Prices("USD", 100_000, 50_000, 400_000);

        // 0.1 + 0.05 + 0.4 = 0.55
        assertThat(prices.cost(new TokenCounts(2, 1, 1))).isEqualTo(1);
        assertThat(prices.cost(new TokenCounts(1, 0, 0))).isZero();
        assertThat(prices.cost(new TokenCounts(5, 0, 0))).isEqualTo(1);
        assertThat(prices.cost(new TokenCounts(1_000_000, 0, 1_000_000))).isEqualTo(500_000);
    }

    @Test
    void costsAreExactAndNeverFallWhenTokensAreAdded() {
        RandomGenerator random = RandomGenerator.of("L64X128MixRandom");
        for (int i = 0; i < 2_000; i++) {
            Prices prices =
                    new Prices("USD", random.nextLong(1L << 40), random.nextLong(1L << 40), random.nextLong(1L << 40));
            int prompt = random.nextInt(1 << 30);
            int cached = random.nextInt(prompt + 1);
            int completion = random.nextInt(1 << 30);

            BigDecimal exact = new BigDecimal(prompt - cached)
                    .multiply(new BigDecimal(prices.input()))
                    .add(new BigDecimal(cached).multiply(new BigDecimal(prices.cachedInput())))
                    .add(new BigDecimal(completion).multiply(new BigDecimal(prices.output())))
                    .divide(new BigDecimal(1_000_000), 0, RoundingMode.HALF_UP);
            long cost = prices.cost(new TokenCounts(prompt, cached, completion));

            assertThat(cost).isEqualTo(exact.longValueExact());
            assertThat(prices.cost(new TokenCounts(prompt, cached, completion + 1)))
                    .isGreaterThanOrEqualTo(cost);
        }
    }

    @Test
    void nothingIsNegative() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Prices("USD", -1, 0, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new TokenCounts(1, 2, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new TokenCounts(1, 0, -1));
        assertThatIllegalArgumentException().isThrownBy(() -> new Money(0, "USD"));
    }

    @Test
    void anAmountReadsAsPeopleWriteIt() {
        assertThat(new Money(5_000_000, "USD")).hasToString("5.00 USD");
        assertThat(new Money(20_000_000_000L, "CNY")).hasToString("20000.00 CNY");
        assertThat(new Money(1_234_500, "USD")).hasToString("1.2345 USD");
        assertThat(new Money(1, "USD")).hasToString("0.000001 USD");
    }
}
