package dev.mynah.server.billing;

/** What a request may cost is more than a spend cap leaves. */
public final class SpendCapException extends RuntimeException {
    public SpendCapException(SpendCaps.Kind kind) {
        super("this request may cost more than what this month's spend cap of the " + kind.words()
                + " leaves: raise the cap, or ask for fewer tokens");
    }
}
