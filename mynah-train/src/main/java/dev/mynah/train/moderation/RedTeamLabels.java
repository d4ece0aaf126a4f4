package dev.mynah.train.moderation;

import dev.mynah.files.Digests;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What the questions are about that begin the conversations of hh-rlhf's {@code harmless-base}. They are known by their hashes, so that none of them stands here; "-" means that a question fits
 * no category and is not harmless either, such as one for a private address.
 */
final class RedTeamLabels {
    private static final String FILE = "hh-rlhf-labels.tsv";
    private static final String LEFT_OUT = "-";
    private static final int HASH_DIGITS = 16;

    private final Map<String, String> byHash = new HashMap<>();

    RedTeamLabels() {
        try (InputStream in = Objects.requireNonNull(RedTeamLabels.class.getResourceAsStream(FILE))) {
            new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().forEach(line -> {
                String[] columns = line.split("\t", -1);
                byHash.put(columns[0], columns[1]);
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The labels of a question, none for a harmless one; empty where it is not known or left out. */
    Optional<List<String>> of(String question) {
        byte[] digest = Digests.sha256().digest(question.getBytes(StandardCharsets.UTF_8));
        String labels = byHash.get(HexFormat.of().formatHex(digest).substring(0, HASH_DIGITS));
        if (labels == null || labels.equals(LEFT_OUT)) {
            return Optional.empty();
        }
        return Optional.of(labels.isEmpty() ? List.of() : List.of(labels.split(",")));
    }

    /** Whether a question was looked at. */
    boolean knows(String question) {
        byte[] digest = Digests.sha256().digest(question.getBytes(StandardCharsets.UTF_8));
        return byHash.containsKey(HexFormat.of().formatHex(digest).substring(0, HASH_DIGITS));
    }
}
