package dev.mynah.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Collects what the readers skip; in strict mode the first one is an error. Used by one thread. */
final class SkipLog {

    private final boolean strict;
    private final List<Skipped.Item> first = new ArrayList<>();
    private long count;

    SkipLog(boolean strict) {
        this.strict = strict;
    }

    /** @throws CorruptRecordException in strict mode */
    void add(Path file, long record, String reason) {
        Skipped.Item item = new Skipped.Item(file.toString(), record, reason);
        if (strict) {
            throw new CorruptRecordException(item.toString());
        }
        count++;
        if (first.size() < Skipped.LISTED) {
            first.add(item);
        }
    }

    Skipped report() {
        return new Skipped(count, first);
    }
}
