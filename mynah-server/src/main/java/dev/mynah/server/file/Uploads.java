package dev.mynah.server.file;

import dev.mynah.files.Digests;
import dev.mynah.server.account.Caller;
import dev.mynah.server.store.Ids;
import dev.mynah.server.store.Transactions;
import dev.mynah.server.web.ApiException;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Enumeration;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;

/** Takes files in parts. What was announced counts against the organisation's quota from the beginning; an upload that is not completed within an hour is forgotten. */
@Component
final class Uploads {
    private static final Duration TIME = Duration.ofHours(1);
    private static final int MAX_PARTS = 10_000;
    // How long it is still told that an upload has expired.
    private static final Duration REMEMBERED = Duration.ofDays(1);

    private final UploadRepository repository;
    private final FileRepository files;
    private final StoredFiles stored;
    private final FileSettings settings;
    private final Transactions transactions;
    private final Clock clock;
    // Those whose parts this process puts together now.
    private final Set<String> completing = ConcurrentHashMap.newKeySet();

    Uploads(
            UploadRepository repository,
            FileRepository files,
            StoredFiles stored,
            FileSettings settings,
            Transactions transactions,
            Clock clock) {
        this.repository = repository;
        this.files = files;
        this.stored = stored;
        this.settings = settings;
        this.transactions = transactions;
        this.clock = clock;
    }

    /** What a file is to be. */
    record Order(
            String filename,
            FilePurpose purpose,
            long bytes,
            @Nullable Duration life) {}

    /** @throws FileTooLargeException if there is no room for it */
    Upload begin(Caller caller, Order order) {
        if (order.bytes > settings.maxBytes()) {
            throw FileTooLargeException.over(settings.maxBytes());
        }
        Instant now = clock.instant();
        Upload upload = new Upload(
                Ids.next("upload_"),
                caller.organisationId(),
                caller.userId(),
                StoredFiles.label(order.filename),
                order.purpose,
                order.bytes,
                order.life,
                Upload.PENDING,
                null,
                now,
                now.plus(TIME));
        transactions.run(() -> {
            if (files.lockUsedBytes(upload.organisationId()) + upload.bytes() > settings.quota()) {
                throw FileTooLargeException.overQuota(settings.quota());
            }
            repository.insert(upload);
        });
        return upload;
    }

    /** Takes a part; parts may come at once. */
    UploadRepository.Part add(String id, Caller caller, InputStream content) throws IOException {
        Upload upload = find(id, caller);
        requirePending(upload);
        String part = Ids.next("part_");
        try {
            UploadRepository.Part added =
                    new UploadRepository.Part(part, stored.addPart(part, content, upload.bytes()));
            transactions.run(() -> {
                requirePending(repository.lock(id, caller.organisationId()).orElseThrow(() -> unknown(id)));
                List<UploadRepository.Part> parts = repository.parts(id);
                if (parts.size() >= MAX_PARTS) {
                    throw invalid("data", "an upload has at most " + MAX_PARTS + " parts");
                }
                if (bytes(parts) + added.bytes() > upload.bytes()) {
                    throw invalid(
                            "data",
                            "with this part the upload would have more than the " + upload.bytes()
                                    + " bytes that were announced");
                }
                repository.insertPart(id, added);
            });
            return added;
        } catch (IOException | RuntimeException e) {
            stored.deleteBytes(part);
            throw e;
        }
    }

    /**
     * Makes the file of its parts.
     *
     * @param order the ids of all its parts
     * @param md5   of the whole file, in hex, or null where nobody asks
     */
    Upload complete(String id, Caller caller, List<String> order, @Nullable String md5) throws IOException {
        if (!completing.add(id)) {
            throw ApiException.badRequest("The upload " + id + " is being completed.", null, "invalid_state");
        }
        try {
            Upload upload = transactions.call(() -> requireComplete(id, caller, order));
            // Outside of a transaction: it takes as long as the disk does.
            StoredFile file = file(upload, order, md5);
            try {
                transactions.run(() -> {
                    requireComplete(id, caller, order);
                    // It counts as a file from here on.
                    repository.end(id, Upload.COMPLETED);
                    stored.insert(file);
                    repository.completed(id, file.id());
                });
            } catch (RuntimeException e) {
                stored.deleteBytes(file.id());
                throw e;
            }
        } catch (IOException e) {
            // Its parts are gone where it was cancelled meanwhile.
            requirePending(find(id, caller));
            throw e;
        } finally {
            completing.remove(id);
        }
        forget(id);
        return find(id, caller);
    }

    private Upload requireComplete(String id, Caller caller, List<String> order) {
        Upload upload = repository.lock(id, caller.organisationId()).orElseThrow(() -> unknown(id));
        requirePending(upload);
        requireAll(upload, order);
        return upload;
    }

    private void requireAll(Upload upload, List<String> order) {
        List<UploadRepository.Part> parts = repository.parts(upload.id());
        List<String> ids = parts.stream().map(UploadRepository.Part::id).toList();
        if (order.size() != ids.size() || !new HashSet<>(order).equals(new HashSet<>(ids))) {
            throw invalid("part_ids", "it must name each of the " + ids.size() + " parts of the upload once");
        }
        long bytes = bytes(parts);
        if (bytes != upload.bytes()) {
            throw invalid("part_ids", "the parts have " + bytes + " bytes, but " + upload.bytes() + " were announced");
        }
    }

    private static long bytes(List<UploadRepository.Part> parts) {
        return parts.stream().mapToLong(UploadRepository.Part::bytes).sum();
    }

    private StoredFile file(Upload upload, List<String> order, @Nullable String md5) throws IOException {
        Duration life = upload.life();
        StoredFiles.Order wanted = new StoredFiles.Order(
                upload.organisationId(),
                upload.userId(),
                upload.filename(),
                upload.purpose(),
                life == null ? null : clock.instant().plus(life));
        MessageDigest digest = Digests.md5();
        try (InputStream content = new DigestInputStream(joined(order), digest)) {
            StoredFile file = stored.write(wanted, content);
            if (md5 != null && !Digests.hex(digest).equals(md5.toLowerCase(Locale.ROOT))) {
                stored.deleteBytes(file.id());
                throw invalid("md5", "the parts do not have this checksum together");
            }
            return file;
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    @SuppressWarnings("JdkObsolete") // what SequenceInputStream takes
    private InputStream joined(List<String> order) {
        Iterator<InputStream> parts = order.stream().map(this::open).iterator();
        return new SequenceInputStream(new Enumeration<>() {
            @Override
            public boolean hasMoreElements() {
                return parts.hasNext();
            }

            @Override
            public InputStream nextElement() {
                return parts.next();
            }
        });
    }

    private InputStream open(String part) {
        try {
            return stored.openPart(part);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Upload cancel(String id, Caller caller) throws IOException {
        transactions.run(() -> {
            requirePending(repository.lock(id, caller.organisationId()).orElseThrow(() -> unknown(id)));
            repository.end(id, Upload.CANCELLED);
        });
        forget(id);
        return find(id, caller);
    }

    /** An upload of the caller's organisation; another's is not found. */
    Upload find(String id, Caller caller) {
        return repository.find(id, caller.organisationId()).orElseThrow(() -> unknown(id));
    }

    /** The file that an upload became, unless it was deleted. */
    Optional<StoredFile> file(Upload upload) {
        return Optional.ofNullable(upload.fileId()).flatMap(file -> stored.find(file, upload.organisationId()));
    }

    /** Deletes the parts of an upload that is over. */
    private void forget(String id) throws IOException {
        List<UploadRepository.Part> parts = repository.parts(id);
        repository.deleteParts(id);
        for (UploadRepository.Part part : parts) {
            stored.deleteBytes(part.id());
        }
    }

    /** Forgets what has long expired; the bytes of its parts go as those that nobody knows. */
    void clear() {
        repository.deleteExpired(clock.instant().minus(REMEMBERED));
    }

    private void requirePending(Upload upload) {
        String status = upload.statusAt(clock.instant());
        if (!status.equals(Upload.PENDING)) {
            throw ApiException.badRequest("The upload " + upload.id() + " is " + status + ".", null, "invalid_state");
        }
    }

    private static ApiException invalid(String param, String reason) {
        return ApiException.badRequest("Invalid '" + param + "': " + reason + ".", param, "invalid_value");
    }

    private static ApiException unknown(String id) {
        return ApiException.of(HttpStatus.NOT_FOUND, "No such Upload object: " + id, "id", "not_found");
    }
}
