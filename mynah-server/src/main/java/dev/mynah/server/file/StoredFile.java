package dev.mynah.server.file;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A file.
 *
 * @param userId    who brought it, or for whom it was made
 * @param filename  what people call it
 * @param sha256    of its bytes, in hexadecimal
 * @param expiresAt when it is deleted, or null for never
 */
public record StoredFile(
        String id,
        String organisationId,
        String userId,
        String filename,
        FilePurpose purpose,
        long bytes,
        String sha256,
        Instant createdAt,
        @Nullable Instant expiresAt) {}
