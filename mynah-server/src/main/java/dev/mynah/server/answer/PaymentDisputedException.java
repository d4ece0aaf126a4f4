package dev.mynah.server.answer;

/** The organisation disputes a payment at its bank, and is not answered until that is decided. */
public final class PaymentDisputedException extends RuntimeException {
    PaymentDisputedException() {
        super("A payment of this organisation is disputed at its bank. Models answer again once that is decided.");
    }
}
