package dev.mynah.data;

/** A record that can be read, but is not what is asked for; the message says why. */
final class BadRecordException extends Exception {

    private final String reason;

    BadRecordException(String reason) {
        super(reason, null, false, false);
        this.reason = reason;
    }

    String reason() {
        return reason;
    }
}
