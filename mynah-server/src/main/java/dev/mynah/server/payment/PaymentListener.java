package dev.mynah.server.payment;

import java.time.Instant;

/** Is told what became of payments, in the transaction that notes it. */
public interface PaymentListener {
    /** The money is on the wallet. */
    void succeeded(Payment payment, Instant now);

    /** Nothing was paid. */
    void failed(Payment payment, String reason, Instant now);
}
