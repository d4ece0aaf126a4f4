package dev.mynah.server.studio;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The folders that training runs are written to, one each, or one for each stage of a recipe. Nothing outside of them is read, and links are not followed. */
public final class RunFolders {
    private static final String METRICS = "metrics.jsonl";
    private static final String SAMPLES = "samples.jsonl";
    private static final String STATUS = "run.json";
    // RECIPE/STAGE/metrics.jsonl
    private static final int DEPTH = 3;
    private static final int MAX_RUNS = 500;
    private static final int MAX_LINE = 1 << 20;
    private static final long MAX_STATUS = 1 << 20;
    private static final JsonMapper MAPPER = JsonMapper.shared();

    private final Path root;

    public RunFolders(Path root) {
        this.root = root;
    }

    /**
     * A run.
     *
     * @param name   its folder below the root, with slashes
     * @param status what {@code run.json} says, if there is one
     */
    public record Run(
            String name,
            Path folder,
            long changedAt,
            @Nullable JsonNode status) {}

    /** The {@value #MAX_RUNS} runs that changed last, the newest first. */
    List<Run> newest() throws IOException {
        if (!Files.isDirectory(root, LinkOption.NOFOLLOW_LINKS)) {
            return List.of();
        }
        List<Changed> all = new ArrayList<>();
        try (Stream<Path> files = Files.find(
                root,
                DEPTH,
                (file, attributes) -> attributes.isRegularFile()
                        && file.getFileName().toString().equals(METRICS))) {
            for (Path file : files.toList()) {
                all.add(new Changed(
                        file.resolveSibling(""), Files.getLastModifiedTime(file).toMillis()));
            }
        }
        all.sort(Comparator.comparingLong(Changed::at).reversed());
        List<Run> newest = new ArrayList<>();
        for (Changed one : all.subList(0, Math.min(MAX_RUNS, all.size()))) {
            newest.add(run(one));
        }
        return newest;
    }

    private record Changed(Path folder, long at) {}

    private Run run(Changed changed) throws IOException {
        Path folder = changed.folder;
        String name = root.relativize(folder).toString().replace('\\', '/');
        return new Run(name, folder, changed.at, status(folder.resolve(STATUS)));
    }

    /** A run by its name, which is compared with what is there and never made a path. */
    public Optional<Run> find(String name) throws IOException {
        Path folder = root;
        for (String part : name.split("/", DEPTH - 1)) {
            Optional<Path> below = below(folder, part);
            if (below.isEmpty()) {
                return Optional.empty();
            }
            folder = below.get();
        }
        Path metrics = folder.resolve(METRICS);
        return Files.isRegularFile(metrics, LinkOption.NOFOLLOW_LINKS)
                ? Optional.of(run(
                        new Changed(folder, Files.getLastModifiedTime(metrics).toMillis())))
                : Optional.empty();
    }

    private static Optional<Path> below(Path folder, String name) throws IOException {
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.empty();
        }
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(one -> one.getFileName().toString().equals(name)
                            && Files.isDirectory(one, LinkOption.NOFOLLOW_LINKS))
                    .findFirst();
        }
    }

    private static @Nullable JsonNode status(Path file) throws IOException {
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) || Files.size(file) > MAX_STATUS) {
            return null;
        }
        try {
            return MAPPER.readTree(Files.readAllBytes(file));
        } catch (JacksonException e) {
            // Being written, perhaps.
            return null;
        }
    }

    /** At most about {@code points} of a run's steps, evenly spread, the last one among them. */
    public static List<JsonNode> metrics(Path folder, int points) throws IOException {
        Path file = folder.resolve(METRICS);
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return List.of();
        }
        long lines;
        try (BufferedReader reader = Files.newBufferedReader(file)) {
            lines = count(reader);
        }
        long every = Math.max(1, (lines + points - 1) / points);
        List<JsonNode> rows = new ArrayList<>();
        try (BufferedReader reader = Files.newBufferedReader(file)) {
            long number = 0;
            for (String line = line(reader); line != null && number < lines; line = line(reader)) {
                number++;
                if (number % every == 0 || number == lines) {
                    parse(line, rows);
                }
            }
        }
        return rows;
    }

    /** The newest of what the model wrote on the way, the oldest of them first. */
    public static List<JsonNode> samples(Path folder, int most) throws IOException {
        Path file = folder.resolve(SAMPLES);
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return List.of();
        }
        Deque<String> last = new ArrayDeque<>();
        try (BufferedReader reader = Files.newBufferedReader(file)) {
            for (String line = line(reader); line != null; line = line(reader)) {
                last.add(line);
                if (last.size() > most) {
                    last.remove();
                }
            }
        }
        List<JsonNode> samples = new ArrayList<>();
        last.forEach(line -> parse(line, samples));
        return samples;
    }

    private static long count(BufferedReader reader) throws IOException {
        long lines = 0;
        while (line(reader) != null) {
            lines++;
        }
        return lines;
    }

    /** The next line; what is longer than any that training writes is cut, and then no JSON. */
    private static @Nullable String line(BufferedReader reader) throws IOException {
        StringBuilder line = new StringBuilder();
        int c = reader.read();
        if (c < 0) {
            return null;
        }
        for (; c >= 0 && c != '\n'; c = reader.read()) {
            if (line.length() < MAX_LINE) {
                line.append((char) c);
            }
        }
        return line.toString();
    }

    /** Adds a line's object; the last line of a run that goes on may be half written. */
    private static void parse(String line, Collection<JsonNode> into) {
        try {
            JsonNode node = MAPPER.readTree(line);
            if (node.isObject()) {
                into.add(node);
            }
        } catch (JacksonException e) {
            // Left out.
        }
    }
}
