package dev.mynah.server.subscription;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mynah.server.billing.MinorUnits;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SubscriptionMonthsTest {
    private static Subscription begun(String anchor, long price) {
        Instant start = Instant.parse(anchor);
        Instant end = Subscription.start(start, 1);
        return new Subscription(
                "org", "user", "plus", Subscription.State.ACTIVE, start, 0, start, end, price, "USD", false, 0, end);
    }

    @Test
    void theThirtyFirstComesBackAfterShorterMonths() {
        Instant anchor = Instant.parse("2027-12-31T10:00:00Z");
        assertThat(IntStream.range(1, 6)
                        .mapToObj(number -> Subscription.start(anchor, number).toString()))
                .containsExactly(
                        "2028-01-31T10:00:00Z",
                        "2028-02-29T10:00:00Z",
                        "2028-03-31T10:00:00Z",
                        "2028-04-30T10:00:00Z",
                        "2028-05-31T10:00:00Z");
        // A year that can be divided by 100 and not by 400 has no 29 February.
        assertThat(Subscription.start(Instant.parse("2100-01-30T00:00:00Z"), 1)).isEqualTo("2100-02-28T00:00:00Z");
    }

    @Test
    void monthsInWhichTheServiceWasAwayAreNotCharged() {
        Subscription subscription = begun("2027-01-31T10:00:00Z", 20_000_000);
        assertThat(subscription.due(Instant.parse("2027-02-28T10:00:00Z"))).isEqualTo(1);
        assertThat(subscription.due(Instant.parse("2027-03-31T09:59:59Z"))).isEqualTo(1);
        assertThat(subscription.due(Instant.parse("2027-03-31T10:00:00Z"))).isEqualTo(2);
        assertThat(subscription.due(Instant.parse("2028-03-01T00:00:00Z"))).isEqualTo(13);
    }

    @Test
    void theRestOfAMonthIsPaidOrGivenBackToTheCent() {
        // April: 30 days. Two thirds of the month are left of 20 USD; 13.333 is 13.33.
        Subscription plus = begun("2027-04-01T00:00:00Z", 20_000_000);
        Instant eleventh = Instant.parse("2027-04-11T00:00:00Z");
        assertThat(plus.difference(0, eleventh)).isEqualTo(-13_330_000);
        assertThat(plus.difference(50_000_000, eleventh)).isEqualTo(20_000_000);
        assertThat(plus.difference(0, plus.periodStart())).isEqualTo(-20_000_000);
        assertThat(plus.difference(0, plus.periodEnd())).isZero();
        assertThat(plus.difference(0, plus.periodEnd().plusSeconds(9))).isZero();
        // Half a cent is rounded away from zero, in both directions alike.
        Subscription cent = begun("2027-04-01T00:00:00Z", 10_000);
        Instant half = Instant.parse("2027-04-16T00:00:00Z");
        assertThat(cent.difference(0, half)).isEqualTo(-10_000);
        assertThat(cent.difference(20_000, half)).isEqualTo(10_000);
        assertThat(cent.difference(0, half.plusSeconds(1))).isZero();
    }

    @Test
    void sharesAreExact() {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(5);
        for (String currency : List.of("USD", "JPY", "KWD")) {
            long unit = MinorUnits.micros(currency);
            assertThat(unit).isEqualTo(currency.equals("USD") ? 10_000 : currency.equals("JPY") ? 1_000_000 : 1_000);
            for (int i = 0; i < 1_000; i++) {
                long amount = random.nextLong(-1L << 40, 1L << 40);
                long whole = random.nextLong(1, Duration.ofDays(31).toSeconds());
                long part = random.nextLong(whole + 1);
                BigDecimal exact = BigDecimal.valueOf(amount)
                        .multiply(BigDecimal.valueOf(part))
                        .divide(BigDecimal.valueOf(whole).multiply(BigDecimal.valueOf(unit)), 0, RoundingMode.HALF_UP)
                        .multiply(BigDecimal.valueOf(unit));
                assertThat(MinorUnits.share(amount, part, whole, currency)).isEqualTo(exact.longValueExact());
            }
        }
    }
}
