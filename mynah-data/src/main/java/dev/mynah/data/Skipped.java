package dev.mynah.data;

import java.util.List;

/**
 * What could not be read, and where: every record is counted, the first {@value #LISTED} are listed.
 *
 * @param count all skipped records
 * @param first the first of them, in reading order
 */
public record Skipped(long count, List<Item> first) {

    /** How many skipped records a report lists. */
    public static final int LISTED = 20;

    /**
     * One skipped record.
     *
     * @param file the file
     * @param record the line (text, JSONL) or the row (Parquet), from 1
     * @param reason why, in words
     */
    public record Item(String file, long record, String reason) {

        @Override
        public String toString() {
            return file + ":" + record + ": " + reason;
        }
    }

    public Skipped {
        first = List.copyOf(first);
    }
}
