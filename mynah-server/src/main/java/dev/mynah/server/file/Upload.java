package dev.mynah.server.file;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A file that comes in parts.
 *
 * @param bytes  of all parts together, as was announced
 * @param life   how long the file is kept from its completion on; null for ever
 * @param status {@code pending}, {@code completed} or {@code cancelled}
 * @param fileId once it is complete
 */
record Upload(
        String id,
        String organisationId,
        String userId,
        String filename,
        FilePurpose purpose,
        long bytes,
        @Nullable Duration life,
        String status,
        @Nullable String fileId,
        Instant createdAt,
        Instant expiresAt) {
    static final String PENDING = "pending";
    static final String COMPLETED = "completed";
    static final String CANCELLED = "cancelled";

    /** Its state to people: what was not completed in time has expired. */
    String statusAt(Instant now) {
        return status.equals(PENDING) && !expiresAt.isAfter(now) ? "expired" : status;
    }
}
