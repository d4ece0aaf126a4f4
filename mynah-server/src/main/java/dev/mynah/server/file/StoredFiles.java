package dev.mynah.server.file;

import dev.mynah.files.Digests;
import dev.mynah.files.DurableFiles;
import dev.mynah.server.store.Ids;
import dev.mynah.server.store.Transactions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Keeps files. The bytes are on disk, whole and synced, before a row tells of them, and go after it; what a kill leaves between the two has no row, and {@link #clear} deletes it.
 */
@Component
public final class StoredFiles {
    private static final int BUFFER = 1 << 16;
    private static final Duration LONGEST_UPLOAD = Duration.ofDays(1);

    private final FileRepository repository;
    private final Transactions transactions;
    private final FileSettings settings;
    private final Clock clock;

    StoredFiles(FileRepository repository, Transactions transactions, FileSettings settings, Clock clock) {
        this.repository = repository;
        this.transactions = transactions;
        this.settings = settings;
        this.clock = clock;
    }

    /** What a new file is to be. */
    public record Order(
            String organisationId,
            String userId,
            String filename,
            FilePurpose purpose,
            @Nullable Instant expiresAt) {}

    /**
     * Keeps what {@code content} holds. Within a transaction the file is there when that is committed.
     *
     * @throws FileTooLargeException if it is larger than the limit, or the organisation's quota has no room for it
     */
    public StoredFile add(Order order, InputStream content) throws IOException {
        StoredFile file = write(order, content);
        try {
            transactions.run(() -> insert(file));
        } catch (RuntimeException e) {
            deleteBytes(file.id());
            throw e;
        }
        return file;
    }

    /** Writes the bytes of a file, of which no row tells yet: {@link #insert} makes it one. */
    StoredFile write(Order order, InputStream content) throws IOException {
        String id = Ids.next("file-");
        Path path = settings.folder().resolve(id);
        Received received = receive(path, content, limit(order));
        return new StoredFile(
                id,
                order.organisationId(),
                order.userId(),
                label(order.filename()),
                order.purpose(),
                received.bytes,
                Digests.hex(received.digest),
                clock.instant(),
                order.expiresAt());
    }

    private Received receive(Path path, InputStream content, long most) throws IOException {
        Files.createDirectories(settings.folder());
        Received received = new Received();
        DurableFiles.write(path, channel -> received.copy(content, channel, most));
        return received;
    }

    /**
     * Keeps a part of an upload.
     *
     * @param most that may be left of the upload
     * @return how many bytes it has
     * @throws FileTooLargeException if it has more
     */
    long addPart(String id, InputStream content, long most) throws IOException {
        return receive(settings.folder().resolve(id), content, most).bytes;
    }

    InputStream openPart(String id) throws IOException {
        return Files.newInputStream(settings.folder().resolve(id));
    }

    /** Deletes the bytes of a part, or of a file that was not inserted. */
    void deleteBytes(String id) throws IOException {
        Files.deleteIfExists(settings.folder().resolve(id));
    }

    /**
     * Tells of a file whose bytes are there, within a transaction.
     *
     * @throws FileTooLargeException if the organisation's quota has no room for it
     */
    void insert(StoredFile file) {
        if (file.purpose().isUploaded()
                && repository.lockUsedBytes(file.organisationId()) + file.bytes() > settings.quota()) {
            throw FileTooLargeException.overQuota(settings.quota());
        }
        repository.insert(file);
    }

    /** Results of the service itself may be larger than what is uploaded. */
    private long limit(Order order) {
        return order.purpose().isUploaded() ? settings.maxBytes() : Long.MAX_VALUE;
    }

    /** A name for people: what stands before the last slash goes, and so does what nobody could see. */
    static String label(String filename) {
        String name = filename.substring(Math.max(filename.lastIndexOf('/'), filename.lastIndexOf('\\')) + 1)
                .replaceAll("\\p{C}", "")
                .strip();
        String shown = name.isEmpty() ? "file" : name;
        return shown.codePointCount(0, shown.length()) <= 200
                ? shown
                : shown.substring(0, shown.offsetByCodePoints(0, 200));
    }

    /** Counts and digests what passes. */
    private static final class Received {
        private final MessageDigest digest = Digests.sha256();
        private long bytes;

        void copy(InputStream from, FileChannel to, long most) throws IOException {
            byte[] buffer = new byte[BUFFER];
            for (int count = from.read(buffer); count >= 0; count = from.read(buffer)) {
                bytes += count;
                if (bytes > most) {
                    throw FileTooLargeException.over(most);
                }
                digest.update(buffer, 0, count);
                DurableFiles.writeFully(to, ByteBuffer.wrap(buffer, 0, count));
            }
        }
    }

    /** A file of this organisation; another's is not found. */
    public Optional<StoredFile> find(String id, String organisationId) {
        return repository.find(id, organisationId, clock.instant());
    }

    List<StoredFile> page(String organisationId, String purpose, String after, boolean newestFirst, int most) {
        return repository.page(organisationId, purpose, after, newestFirst, most);
    }

    /** All that a user has uploaded, or had made. */
    public List<StoredFile> ofUser(String userId) {
        return repository.ofUser(userId);
    }

    /** Where a file's bytes are. */
    public Path path(StoredFile file) {
        return settings.folder().resolve(file.id());
    }

    /** Deletes a file of this organisation; false where there is none. */
    public boolean delete(String id, String organisationId) throws IOException {
        if (!repository.delete(id, organisationId)) {
            return false;
        }
        Files.deleteIfExists(settings.folder().resolve(id));
        return true;
    }

    /** Deletes files that have expired, and bytes that no row tells of. */
    void clear() throws IOException {
        Instant now = clock.instant();
        for (StoredFile file : repository.expired(now)) {
            delete(file.id(), file.organisationId());
        }
        if (!Files.isDirectory(settings.folder())) {
            return;
        }
        try (Stream<Path> files = Files.list(settings.folder())) {
            for (Path file : files.toList()) {
                boolean old = Files.getLastModifiedTime(file)
                        .toInstant()
                        .plus(LONGEST_UPLOAD)
                        .isBefore(now);
                if (old && !repository.isKnown(file.getFileName().toString())) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }
}
