package dev.mynah.server.moderation;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the environment and the data folder say about moderation.
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
    private static final String PREFIX = "MYNAH_MODERATION_";
    private static final int MAX = 1_000_000;

    public ModerationSettings {
        words = List.copyOf(words);
    }

    /** @throws IllegalArgumentException if a setting or a file is wrong, with its name */
    public static ModerationSettings of(Map<String, String> environment, Path dataDir) throws IOException {
        List<Lexicon.Word> words = new ArrayList<>(Lexicon.builtIn().words());
        words.addAll(Lexicon.in(dataDir.resolve(Lexicon.FOLDER)).words());
        String url = environment.getOrDefault(PREFIX + "ALARM_URL", "");
        String secret = environment.getOrDefault(PREFIX + "ALARM_SECRET", "");
        if (!url.isEmpty() && (!url.matches("https?://.+") || secret.isEmpty())) {
            throw new IllegalArgumentException(PREFIX + "ALARM_URL must begin with http:// or https://, and needs "
                    + PREFIX + "ALARM_SECRET beside it");
        }
        return new ModerationSettings(
                words,
                number(environment, "WARN_AT", 2, 1),
                number(environment, "SUSPEND_AT", 5, 1),
                Duration.ofMinutes(number(environment, "WINDOW_MINUTES", 60, 1)),
                Duration.ofMinutes(number(environment, "SUSPENSION_MINUTES", 60, 1)),
                number(environment, "STOP_RATE", 0, 0),
                url.isEmpty() ? null : URI.create(url),
                secret);
    }

    private static int number(Map<String, String> environment, String name, int otherwise, int least) {
        String text = environment.getOrDefault(PREFIX + name, String.valueOf(otherwise));
        if (!text.matches("[0-9]{1,7}") || Integer.parseInt(text) < least || Integer.parseInt(text) > MAX) {
            throw new IllegalArgumentException(
                    PREFIX + name + " must be a whole number of " + least + ".." + MAX + ", not \"" + text + "\"");
        }
        return Integer.parseInt(text);
    }
}
