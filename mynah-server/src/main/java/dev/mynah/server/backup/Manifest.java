package dev.mynah.server.backup;

import java.util.Map;
import java.util.TreeMap;

/**
 * What stands in a back-up, as its last entry.
 *
 * @param format  of the back-up itself
 * @param schema  the newest migration of the database
 * @param created when the snapshot was taken (ISO 8601)
 * @param rows    of each table
 * @param sha256  of each other entry
 */
record Manifest(int format, String schema, String created, Map<String, Long> rows, Map<String, String> sha256) {
    static final String NAME = "manifest.json";
    static final int FORMAT = 1;

    Manifest {
        rows = new TreeMap<>(rows);
        sha256 = new TreeMap<>(sha256);
    }
}
