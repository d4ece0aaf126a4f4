package dev.mynah.server.monitoring;

import dev.mynah.server.ServerOptions;
import dev.mynah.server.answer.AnswerDrain;
import dev.mynah.server.ops.ServiceState;
import dev.mynah.server.provider.ModelProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/** Whether this process can answer: its database, its engines, room on the disk, no emergency stop, and that it is not ending. Looked at once a second at most, however many ask. */
@Component
final class Readiness {
    private static final Logger LOG = LoggerFactory.getLogger(Readiness.class);
    private static final Duration REMEMBERED = Duration.ofSeconds(1);
    private static final long LEAST_DISK_BYTES = 100L << 20;

    private final ServiceState state;
    private final AnswerDrain drain;
    private final List<ModelProvider> providers;
    private final Path dataDir;
    private final ReentrantLock looking = new ReentrantLock();
    private @Nullable Map<String, Boolean> last;
    private long lookedAt;

    Readiness(ServiceState state, AnswerDrain drain, List<ModelProvider> providers, ServerOptions options) {
        this.state = state;
        this.drain = drain;
        this.providers = List.copyOf(providers);
        dataDir = options.dataDir();
    }

    /** What must hold, by name, and whether it does. */
    Map<String, Boolean> checks() {
        looking.lock();
        try {
            if (last == null || System.nanoTime() - lookedAt > REMEMBERED.toNanos()) {
                last = look();
                lookedAt = System.nanoTime();
            }
            Map<String, Boolean> checks = new LinkedHashMap<>(last);
            checks.put("not_ending", !drain.isEnding());
            return checks;
        } finally {
            looking.unlock();
        }
    }

    private Map<String, Boolean> look() {
        Map<String, Boolean> checks = new LinkedHashMap<>();
        Boolean stopped = null;
        try {
            stopped = state.isStopped();
        } catch (DataAccessException e) {
            LOG.warn("the database does not answer: {}", e.getMessage());
        }
        checks.put("database", stopped != null);
        checks.put(
                "engine",
                providers.stream().anyMatch(provider -> !provider.models().isEmpty()));
        checks.put("disk", hasRoom());
        checks.put("emergency_stop", stopped == null || !stopped);
        return checks;
    }

    private boolean hasRoom() {
        try {
            return Files.getFileStore(dataDir).getUsableSpace() >= LEAST_DISK_BYTES;
        } catch (IOException e) {
            LOG.warn("the data folder cannot be read: {}", e.toString());
            return false;
        }
    }
}
