package dev.mynah.data;

import java.io.File;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;

/**
 * Finds and opens the files of a corpus. The order is that of the paths given, and within a folder or glob that of the names; a file that is named twice is read once. In folders and
 * globs, hidden files and files of other formats are passed over.
 */
public final class SourceFiles {

    private SourceFiles() {}

    /**
     * All files that a file's path, a folder or a glob stands for, whatever their format, hidden ones left out.
     *
     * @throws IllegalArgumentException where there are none
     */
    public static List<Path> named(String path) throws IOException {
        return filesOf(path, _ -> true, "all");
    }

    /** @throws IllegalArgumentException where a path does not exist, has an unknown format or holds nothing to read */
    static List<SourceFile> resolve(List<SourceSpec> specs) throws IOException {
        if (specs.isEmpty()) {
            throw new IllegalArgumentException("no data paths are given");
        }
        Map<Path, SourceFile> files = new LinkedHashMap<>();
        for (SourceSpec spec : specs) {
            for (Path path : filesOf(spec.path(), file -> SourceFormat.of(file) != null, SourceFormat.NAMES)) {
                SourceFormat format = SourceFormat.of(path);
                if (format == null) {
                    throw new IllegalArgumentException(path + " has no known format; known are " + SourceFormat.NAMES);
                }
                files.putIfAbsent(path.toAbsolutePath().normalize(), new SourceFile(path, format, spec));
            }
        }
        return List.copyOf(files.values());
    }

    /** The files of records that {@code specs} name, each once. */
    static List<Path> resolveRecords(List<SourceSpec> specs) throws IOException {
        if (specs.isEmpty()) {
            throw new IllegalArgumentException("no data paths are given");
        }
        Map<Path, Path> files = new LinkedHashMap<>();
        for (SourceSpec spec : specs) {
            for (Path path : filesOf(spec.path(), JsonRecords::isReadable, JsonRecords.NAMES)) {
                if (!JsonRecords.isReadable(path)) {
                    throw new IllegalArgumentException(path + " has no known format; known are " + JsonRecords.NAMES);
                }
                files.putIfAbsent(path.toAbsolutePath().normalize(), path);
            }
        }
        return List.copyOf(files.values());
    }

    static DocumentReader open(SourceFile file, String textField, TextSplit textSplit, SkipLog skips)
            throws IOException {
        return switch (file.format()) {
            case TEXT -> new TextFileReader(file.path(), textSplit, skips);
            case JSONL -> new JsonlReader(file.path(), textField, skips);
            case PARQUET -> new ParquetFileReader(file.path(), textField, skips);
        };
    }

    private static List<Path> filesOf(String given, Predicate<Path> readable, String names) throws IOException {
        if (!isGlob(given) || exists(given)) {
            Path path = Path.of(given);
            if (Files.isDirectory(path)) {
                return nonEmpty(walk(path, readable), "folder " + given + " holds no files to read", names);
            }
            if (!Files.isRegularFile(path)) {
                throw new IllegalArgumentException("no such file or folder: " + given);
            }
            return List.of(path);
        }
        // Windows knows both separators; in a pattern the backslash takes the next character as it is.
        String glob = File.separatorChar == '\\' ? given.replace('\\', '/') : given;
        Path base = baseOfGlob(glob);
        if (!Files.isDirectory(base)) {
            throw new IllegalArgumentException("no such folder: " + base + " (of the pattern " + given + ")");
        }
        PathMatcher matcher = matcher(glob);
        return nonEmpty(
                walk(base, file -> readable.test(file) && matcher.matches(isHere(base) ? base.relativize(file) : file)),
                "no files to read match the pattern " + given,
                names);
    }

    private static PathMatcher matcher(String glob) {
        try {
            return FileSystems.getDefault().getPathMatcher("glob:" + glob);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException("the pattern " + glob + " is not whole: " + e.getDescription(), e);
        }
    }

    /** Whether a file has this very name; on Windows none has one with a wildcard. */
    private static boolean exists(String path) {
        try {
            return Files.exists(Path.of(path));
        } catch (InvalidPathException e) {
            return false;
        }
    }

    private static List<Path> nonEmpty(List<Path> files, String otherwise, String names) {
        if (files.isEmpty()) {
            throw new IllegalArgumentException(otherwise + "; known formats are " + names);
        }
        return files;
    }

    private static List<Path> walk(Path base, Predicate<Path> wanted) throws IOException {
        List<Path> files = new ArrayList<>();
        try (Stream<Path> all = Files.walk(base)) {
            all.filter(file -> !isHidden(base.relativize(file)))
                    .filter(file -> Files.isRegularFile(file) && wanted.test(file))
                    .forEach(files::add);
        }
        files.sort(Comparator.comparing(Path::toString));
        return files;
    }

    private static boolean isHere(Path base) {
        return base.toString().isEmpty();
    }

    private static boolean isHidden(Path relative) {
        for (Path part : relative) {
            if (part.toString().startsWith(".") && !part.toString().equals("..")) {
                return true;
            }
        }
        return false;
    }

    private static boolean isGlob(String path) {
        return path.chars().anyMatch(c -> c == '*' || c == '?' || c == '[' || c == '{');
    }

    /** The folder before the first part that holds a wildcard. */
    private static Path baseOfGlob(String glob) {
        int wildcard = 0;
        while ("*?[{".indexOf(glob.charAt(wildcard)) < 0) {
            wildcard++;
        }
        int slash = glob.lastIndexOf('/', wildcard);
        return Path.of(slash < 0 ? "" : slash == 0 ? "/" : glob.substring(0, slash));
    }
}
