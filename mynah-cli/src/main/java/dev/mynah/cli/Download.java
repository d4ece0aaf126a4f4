package dev.mynah.cli;

import dev.mynah.files.Digests;
import dev.mynah.files.DurableFiles;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Fetches files over HTTP: goes on where it was cut off, tries again when the server fails, checks what came. */
final class Download {
    private static final int TRIES = 5;
    private static final int BUFFER = 1 << 16;
    private static final Duration CONNECT = Duration.ofSeconds(20);

    private final HttpClient client = HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NORMAL)
            .connectTimeout(CONNECT)
            .build();
    private final Duration pause;

    /** Is told how much of a file is there. */
    interface Progress {
        void received(String file, long bytes, long total);
    }

    /** @param pause before the second try; doubled before each later one */
    Download(Duration pause) {
        this.pause = pause;
    }

    /** The server failed in a way that may pass. */
    private static final class TryAgainException extends IOException {
        private static final long serialVersionUID = 1;

        TryAgainException(String message) {
            super(message);
        }
    }

    /** What one try does. */
    private interface Attempt<T> {
        T run() throws IOException, InterruptedException;
    }

    /** A short text, such as a listing. */
    byte[] bytes(URI address) throws IOException {
        return retried(() -> {
            HttpResponse<byte[]> response = client.send(request(address, 0), HttpResponse.BodyHandlers.ofByteArray());
            requireFound(response, address);
            return response.body();
        });
    }

    /**
     * Fetches a file into {@code target}, which appears when it is complete and right. What a broken attempt left beside it is used.
     *
     * @param bytes  its size, or -1 where that is not known
     * @param sha256 of its bytes in lower-case hexadecimal, or null where that is not known
     */
    void file(URI address, Path target, long bytes, @Nullable String sha256, Progress progress) throws IOException {
        Path part = target.resolveSibling(target.getFileName() + ".part");
        retried(() -> {
            receive(address, part, bytes, progress);
            return true;
        });
        String found = sha256 == null ? null : Digests.ofFile(part);
        if (sha256 != null && !sha256.equals(found)) {
            Files.delete(part);
            throw new IOException(address + " is not the file that is named: its sha256 is " + found + ", not " + sha256
                    + "; it was deleted");
        }
        DurableFiles.syncFile(part);
        DurableFiles.replace(part, target);
    }

    private void receive(URI address, Path part, long bytes, Progress progress)
            throws IOException, InterruptedException {
        long have = Files.exists(part) ? Files.size(part) : 0;
        if (bytes >= 0 && have > bytes) {
            Files.delete(part);
            have = 0;
        }
        if (have > 0 && have == bytes) {
            return;
        }
        HttpResponse<InputStream> response =
                client.send(request(address, have), HttpResponse.BodyHandlers.ofInputStream());
        try (InputStream in = response.body()) {
            if (response.statusCode() == 416) {
                Files.delete(part);
                throw new TryAgainException(address + " cannot go on at byte " + have);
            }
            requireFound(response, address);
            boolean goesOn = response.statusCode() == 206;
            long received = goesOn ? have : 0;
            try (OutputStream out = Files.newOutputStream(
                    part,
                    StandardOpenOption.CREATE,
                    goesOn ? StandardOpenOption.APPEND : StandardOpenOption.TRUNCATE_EXISTING,
                    StandardOpenOption.WRITE)) {
                byte[] buffer = new byte[BUFFER];
                for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                    received += count;
                    if (bytes >= 0 && received > bytes) {
                        throw new IllegalArgumentException(
                                address + " sends more than the " + bytes + " bytes that are named");
                    }
                    out.write(buffer, 0, count);
                    progress.received(String.valueOf(part.getFileName()).replaceFirst("\\.part$", ""), received, bytes);
                }
            }
            if (bytes >= 0 && received < bytes) {
                throw new TryAgainException(address + " broke off after " + received + " of " + bytes + " bytes");
            }
        }
    }

    private static HttpRequest request(URI address, long from) {
        HttpRequest.Builder request = HttpRequest.newBuilder(address).header("User-Agent", "mynah");
        return (from > 0 ? request.header("Range", "bytes=" + from + "-") : request).build();
    }

    private static void requireFound(HttpResponse<?> response, URI address) throws IOException {
        int status = response.statusCode();
        switch (status) {
            case 200, 206 -> {}
            case 401, 403 ->
                throw new IllegalArgumentException(address + " is not open to everybody (status " + status + ")");
            case 404 -> throw new IllegalArgumentException("there is nothing at " + address + " (status 404)");
            default -> {
                if (status >= 500 || status == 429) {
                    throw new TryAgainException(address + " failed with status " + status);
                }
                throw new IllegalArgumentException(address + " answered with status " + status);
            }
        }
    }

    private <T> T retried(Attempt<T> attempt) throws IOException {
        Duration wait = pause;
        for (int tries = 1; ; tries++) {
            try {
                return attempt.run();
            } catch (IOException e) {
                if (tries == TRIES) {
                    throw new IOException(sentence(e) + "; gave up after " + TRIES + " tries", e);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", e);
            }
            sleep(wait);
            wait = wait.multipliedBy(2);
        }
    }

    private static String sentence(IOException e) {
        return e.getMessage() == null ? "the connection failed (" + e.getClass().getSimpleName() + ")" : e.getMessage();
    }

    private static void sleep(Duration wait) throws IOException {
        try {
            Thread.sleep(wait);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
