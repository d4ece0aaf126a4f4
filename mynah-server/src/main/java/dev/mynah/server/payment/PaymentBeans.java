package dev.mynah.server.payment;

import dev.mynah.server.store.Transactions;
import java.time.Clock;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Puts the provider together that the settings name. */
@Configuration(proxyBeanMethods = false)
class PaymentBeans {
    private static final Logger LOG = LoggerFactory.getLogger(PaymentBeans.class);

    @Bean
    Payments payments(PaymentSettings settings, PaymentRepository repository, Transactions transactions, Clock clock) {
        return new Payments(repository, provider(settings), transactions, clock);
    }

    private static Optional<PaymentProvider> provider(PaymentSettings settings) {
        return switch (settings.provider()) {
            case OFF -> Optional.empty();
            case TEST -> {
                LOG.warn("payments are taken by the test provider: anybody may have credit for nothing");
                yield Optional.of(new TestPayments());
            }
            case STRIPE -> Optional.of(new Stripe(Objects.requireNonNull(settings.stripe())));
        };
    }
}
