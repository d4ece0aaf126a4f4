package dev.mynah.server.upstream;

import dev.mynah.files.JsonErrors;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Reads server-sent events, and gives up when nothing comes for too long. */
final class UpstreamStream {
    private static final String DATA = "data:";
    private static final int MAX_LINE = 16 << 20;

    private final InputStream body;
    private final ScheduledExecutorService watch;
    private final Duration silence;
    private final AtomicBoolean tooLong = new AtomicBoolean();

    UpstreamStream(InputStream body, ScheduledExecutorService watch, Duration silence) {
        this.body = body;
        this.watch = watch;
        this.silence = silence;
    }

    /** Reads until the answer is complete. */
    void read(UpstreamEvents events) throws IOException {
        BufferedReader reader = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
        while (true) {
            @Nullable String line = next(reader);
            if (line == null) {
                // Some upstreams leave [DONE] out.
                if (events.complete()) {
                    return;
                }
                throw UpstreamException.unavailable("the answer was cut off");
            }
            if (!line.startsWith(DATA)) {
                continue;
            }
            String data = line.substring(DATA.length()).strip();
            if (data.equals("[DONE]")) {
                if (events.complete()) {
                    return;
                }
                throw UpstreamException.unavailable("the answer ended without a finish_reason");
            }
            take(data, events);
        }
    }

    private static void take(String data, UpstreamEvents events) {
        try {
            events.take(JsonMapper.shared().readTree(data));
        } catch (JacksonException e) {
            throw UpstreamException.unavailable("an event is not JSON: " + JsonErrors.describe(e));
        }
    }

    private @Nullable String next(BufferedReader reader) throws IOException {
        ScheduledFuture<?> alarm = watch.schedule(this::giveUp, silence.toMillis(), TimeUnit.MILLISECONDS);
        try {
            return line(reader);
        } catch (IOException e) {
            if (tooLong.get()) {
                throw UpstreamException.unavailable("nothing came for " + silence.toSeconds() + " s");
            }
            throw e;
        } finally {
            alarm.cancel(false);
        }
    }

    /** As {@link BufferedReader#readLine}, but bounded. */
    private @Nullable String line(BufferedReader reader) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = reader.read(); c != '\n'; c = reader.read()) {
            if (c < 0) {
                if (tooLong.get()) {
                    throw new IOException("closed");
                }
                return line.isEmpty() ? null : line.toString();
            }
            if (line.length() == MAX_LINE) {
                throw UpstreamException.unavailable("an event has more than " + MAX_LINE + " characters");
            }
            line.append((char) c);
        }
        return line.toString();
    }

    private void giveUp() {
        tooLong.set(true);
        try {
            body.close();
        } catch (IOException e) {
            // The reader learns of it.
        }
    }
}
