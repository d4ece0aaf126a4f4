package dev.mynah.server.billing;

/** The wallet does not cover what a request may cost. */
public final class InsufficientFundsException extends RuntimeException {
    public InsufficientFundsException() {
        super("the balance does not cover what this request may cost: add credit, or ask for fewer tokens");
    }
}
