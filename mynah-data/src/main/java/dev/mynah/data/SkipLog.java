package dev.mynah.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Collects what is left out of the data; in strict mode the first one is an error. Used by one thread. */
public final class SkipLog {

    private final boolean strict;
    private final List<Skipped.Item> first = new ArrayList<>();
    private long count;

    public SkipLog(boolean strict) {
        this.strict = strict;
    }

    /**
     * Leaves out a record.
     *
     * @param record the line or row in the file, from 1
     * @throws CorruptRecordException in strict mode
     */
    public void add(Path file, long record, String reason) {
        Skipped.Item item = new Skipped.Item(file.toString(), record, reason);
        if (strict) {
            throw new CorruptRecordException(item.toString());
        }
        count++;
        if (first.size() < Skipped.LISTED) {
            first.add(item);
        }
    }

    /** The first record left out, to be put behind a sentence about there being nothing left; empty where none was. */
    String firstReason() {
        return first.isEmpty() ? "" : " (the first of " + count + " left out: " + first.getFirst() + ")";
    }

    /** What has been left out so far. */
    public Skipped report() {
        return new Skipped(count, first);
    }
}
