package dev.mynah.train.run;

import dev.mynah.files.DurableFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The checkpoints of a run: folders {@code step-N}, each whole or absent.
 *
 * <p>A checkpoint is written into a folder with a temporary name, every file is synced to disk and its checksum noted,
 * and only then does the folder get its name. Killed at any moment, a run leaves the checkpoints that it had, and at
 * most a temporary folder, which the next {@link #open} removes. What a disk or a person broke later is told by the
 * checksums.
 */
public final class Checkpoints {
    private static final Pattern NAME = Pattern.compile("step-(\\d{1,9})");
    private static final String TEMPORARY = ".tmp-";

    private final Path folder;
    private final int keep;
    private final Consumer<String> notice;

    /** A checkpoint that is there. */
    public record Checkpoint(int step, Path folder) {}

    /** Writes a checkpoint's files into {@code folder}, which is there and empty. */
    public interface Writer {
        void writeTo(Path folder) throws IOException;
    }

    private Checkpoints(Path folder, int keep, Consumer<String> notice) {
        this.folder = folder;
        this.keep = keep;
        this.notice = notice;
    }

    /**
     * Opens {@code folder}, makes it where it is missing, and removes what an interrupted {@link #save} left.
     *
     * @param keep checkpoints that are kept, at least 1
     * @param notice takes a sentence for people, such as why a checkpoint is passed over
     */
    public static Checkpoints open(Path folder, int keep, Consumer<String> notice) throws IOException {
        if (keep < 1) {
            throw new IllegalArgumentException("keep is " + keep + "; at least 1 checkpoint is kept");
        }
        Files.createDirectories(folder);
        for (Path path : list(folder)) {
            if (path.getFileName().toString().startsWith(TEMPORARY)) {
                DurableFiles.deleteTree(path);
            }
        }
        return new Checkpoints(folder, keep, notice);
    }

    /**
     * Writes the checkpoint of {@code step} and removes the oldest ones beyond those kept. One of this step that is
     * there and whole stays as it is.
     *
     * @return the checkpoint's folder
     * @throws IOException where it cannot be written; the checkpoints before it are untouched
     */
    public Path save(int step, Writer writer) throws IOException {
        Path target = folder.resolve("step-" + step);
        if (Files.exists(target)) {
            if (Checksums.problem(target, true) == null) {
                return target;
            }
            delete(target);
        }
        Path temporary = folder.resolve(TEMPORARY + "step-" + step);
        try {
            Files.createDirectory(temporary);
            writer.writeTo(temporary);
            Checksums.seal(temporary);
            DurableFiles.replace(temporary, target);
        } catch (IOException | UncheckedIOException e) {
            throw explained(e, target);
        } finally {
            if (Files.exists(temporary)) {
                DurableFiles.deleteTree(temporary);
            }
        }
        prune(step);
        return target;
    }

    /** The newest checkpoint that is whole; of those passed over a notice says why. */
    public Optional<Checkpoint> latestValid() throws IOException {
        for (Checkpoint checkpoint : newestFirst()) {
            String problem = Checksums.problem(checkpoint.folder(), true);
            if (problem == null) {
                return Optional.of(checkpoint);
            }
            notice.accept("The checkpoint " + checkpoint.folder() + " is passed over: " + problem);
        }
        return Optional.empty();
    }

    /**
     * The checkpoint that a run of {@code steps} steps goes on from: the newest that is whole, if there is any.
     *
     * @throws IllegalArgumentException where it is beyond the last step
     */
    public Optional<Checkpoint> toResume(int steps) throws IOException {
        Optional<Checkpoint> newest = latestValid();
        if (newest.isPresent() && newest.get().step() > steps) {
            throw new IllegalArgumentException(
                    "the checkpoint " + newest.get().folder() + " is beyond train.steps, which is " + steps);
        }
        return newest;
    }

    /** Removes the checkpoints of steps after {@code step}, from which a run does not go on. */
    public void cutBackTo(int step) throws IOException {
        for (Checkpoint checkpoint : newestFirst()) {
            if (checkpoint.step() > step) {
                delete(checkpoint.folder());
            }
        }
    }

    /**
     * Removes checkpoints that {@code saved}, just written and whole, makes superfluous: older ones beyond those kept,
     * and broken ones.
     */
    private void prune(int saved) throws IOException {
        int kept = 1;
        for (Checkpoint checkpoint : newestFirst()) {
            if (checkpoint.step() == saved) {
                continue;
            }
            boolean whole = Checksums.problem(checkpoint.folder(), false) == null;
            if (!whole || kept >= keep) {
                delete(checkpoint.folder());
            } else {
                kept++;
            }
        }
    }

    /** A name of its own first, so that a half-deleted checkpoint is never taken for one. */
    private void delete(Path checkpoint) throws IOException {
        Path doomed = folder.resolve(TEMPORARY + "deleted-" + checkpoint.getFileName());
        DurableFiles.replace(checkpoint, doomed);
        DurableFiles.deleteTree(doomed);
    }

    private IOException explained(Exception failure, Path target) throws IOException {
        String message = String.valueOf(failure.getMessage());
        if (!message.contains("No space left on device") && !message.contains("not enough space on the disk")) {
            return failure instanceof IOException cause ? cause : new IOException(message, failure);
        }
        Long needed = bytesOfNewest();
        return new IOException(
                "The disk is full: " + target + " could not be written"
                        + (needed == null ? "" : " (it needs about " + needed + " bytes)")
                        + "; free some space or give another --out"
                        + ", then go on with --resume",
                failure);
    }

    private @Nullable Long bytesOfNewest() throws IOException {
        for (Checkpoint checkpoint : newestFirst()) {
            Checksums checksums = Checksums.read(checkpoint.folder());
            if (checksums != null) {
                return checksums.totalBytes();
            }
        }
        return null;
    }

    private List<Checkpoint> newestFirst() throws IOException {
        List<Checkpoint> checkpoints = new ArrayList<>();
        for (Path path : list(folder)) {
            Matcher name = NAME.matcher(path.getFileName().toString());
            if (name.matches() && Files.isDirectory(path)) {
                checkpoints.add(new Checkpoint(Integer.parseInt(name.group(1)), path));
            }
        }
        checkpoints.sort(Comparator.comparingInt(Checkpoint::step).reversed());
        return checkpoints;
    }

    private static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> paths = Files.list(folder)) {
            return paths.toList();
        }
    }
}
