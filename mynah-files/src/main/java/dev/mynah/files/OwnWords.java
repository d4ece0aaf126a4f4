package dev.mynah.files;

/** Tells what Mynah says of what it was given from what a library says of what Mynah gave it. */
public final class OwnWords {
    private static final String OWN = "dev.mynah.";

    private OwnWords() {}

    /** Whether Mynah's own code threw it, in words that are meant for people. From a library it is a fault of Mynah, and its words are about the inside. */
    public static boolean areIn(IllegalArgumentException exception) {
        StackTraceElement[] trace = exception.getStackTrace();
        return trace.length > 0 && trace[0].getClassName().startsWith(OWN);
    }
}
