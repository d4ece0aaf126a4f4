package dev.mynah.server.moderation;

import dev.mynah.server.config.ServiceConfig;
import dev.mynah.text.classify.TextClassifier;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the configuration and the data folder say about moderation.
 *
 * @param words       built in, and of the operator's own files
 * @param classifier  what else is asked, or null
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
        @Nullable TextClassifier classifier,
        int warnAt,
        int suspendAt,
        Duration window,
        Duration suspension,
        int stopRate,
        @Nullable URI alarmUrl,
        String alarmSecret) {
    /** The classifier's file: the program's own, and in the data folder one that takes its place. */
    private static final String CLASSIFIER = "classifier.bin";

    public ModerationSettings {
        words = List.copyOf(words);
    }

    /** @throws IllegalArgumentException if a file of words or the classifier is wrong, with its name */
    public static ModerationSettings of(ServiceConfig.Moderation config, Path dataDir) throws IOException {
        List<Lexicon.Word> words = new ArrayList<>(Lexicon.builtIn().words());
        words.addAll(Lexicon.in(dataDir.resolve(Lexicon.FOLDER)).words());
        return new ModerationSettings(
                words,
                classifier(dataDir.resolve(CLASSIFIER)),
                config.warnAt(),
                config.suspendAt(),
                Duration.ofMinutes(config.windowMinutes()),
                Duration.ofMinutes(config.suspensionMinutes()),
                config.stopRate(),
                config.alarmUrl() == null ? null : URI.create(config.alarmUrl()),
                config.alarmSecret());
    }

    private static TextClassifier classifier(Path own) throws IOException {
        TextClassifier classifier;
        if (Files.isRegularFile(own)) {
            classifier = TextClassifier.read(Files.readAllBytes(own), own.toString());
        } else {
            try (InputStream in = Objects.requireNonNull(ModerationSettings.class.getResourceAsStream(CLASSIFIER))) {
                classifier = TextClassifier.read(in.readAllBytes(), CLASSIFIER);
            }
        }
        try {
            Learned.categories(classifier);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(own + ": " + e.getMessage(), e);
        }
        return classifier;
    }
}
