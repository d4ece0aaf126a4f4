package dev.mynah.server.billing;

/** Something that an account's present state does not allow. */
public final class BillingException extends RuntimeException {
    private final String code;

    /** @param code a word for programs, such as {@code already_subscribed} */
    public BillingException(String code, String message) {
        super(message);
        this.code = code;
    }

    public String code() {
        return code;
    }
}
