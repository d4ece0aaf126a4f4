package dev.mynah.server.moderation;

import dev.mynah.server.config.ServiceConfig;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the configuration and the data folder say about moderation.
 *
 * @param words       built in, and of the operator's own files
 * @param warnAt      from which strike on a refusal comes with a warning
 * @param suspendAt   the strike that suspends an account's generation
 * @param window      how long a strike counts
 * @param suspension  how long a suspension lasts
 * @param stopRate    violations a minute, of all accounts together, that stop the service; 0 for never
 * @param alarmUrl    where alarms are posted, or null for nowhere
 * @param alarmSecret what they are signed with
 */
public record ModerationSettings(
        List<Lexicon.Word> words,
        int warnAt,
        int suspendAt,
        Duration window,
        Duration suspension,
        int stopRate,
        @Nullable URI alarmUrl,
        String alarmSecret) {
    public ModerationSettings {
        words = List.copyOf(words);
    }

    /** @throws IllegalArgumentException if a file of words is wrong, with its name */
    public static ModerationSettings of(ServiceConfig.Moderation config, Path dataDir) throws IOException {
        List<Lexicon.Word> words = new ArrayList<>(Lexicon.builtIn().words());
        words.addAll(Lexicon.in(dataDir.resolve(Lexicon.FOLDER)).words());
        return new ModerationSettings(
                words,
                config.warnAt(),
                config.suspendAt(),
                Duration.ofMinutes(config.windowMinutes()),
                Duration.ofMinutes(config.suspensionMinutes()),
                config.stopRate(),
                config.alarmUrl() == null ? null : URI.create(config.alarmUrl()),
                config.alarmSecret());
    }
}
