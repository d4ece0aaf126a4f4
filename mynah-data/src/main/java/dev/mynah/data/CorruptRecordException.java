package dev.mynah.data;

/** A record of a source is broken, and the corpus is read strictly. The message names file and line. */
public final class CorruptRecordException extends IllegalArgumentException {

    CorruptRecordException(String message) {
        super(message);
    }
}
