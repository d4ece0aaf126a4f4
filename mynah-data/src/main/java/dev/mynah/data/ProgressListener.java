package dev.mynah.data;

/** Hears how far the preparation of a corpus is. Called from the thread that prepares. */
@FunctionalInterface
public interface ProgressListener {

    /** A listener that does nothing. */
    ProgressListener NONE = (bytesRead, bytesTotal, documents, tokens) -> {};

    /**
     * @param bytesRead bytes of the source files that have been read
     * @param bytesTotal bytes of all source files
     * @param documents documents kept so far
     * @param tokens tokens packed so far
     */
    void progress(long bytesRead, long bytesTotal, long documents, long tokens);
}
