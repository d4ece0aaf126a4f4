package dev.mynah.train.run;

import dev.mynah.model.ModelFolder;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * The folder of one training run, held by one process at a time; the lock is the operating system's and ends with the
 * process. It also ends where this process opens and closes the lock file once more (POSIX), so nothing else may.
 */
public final class RunFolder implements Closeable {
    private static final String LOCK = ".lock";

    private final FileChannel lockFile;

    private RunFolder(FileChannel lockFile) {
        this.lockFile = lockFile;
    }

    /**
     * Makes {@code folder} or opens the run that it holds.
     *
     * @param resume whether a run that is there already is gone on with; a missing or empty folder begins a new run
     *     either way
     * @throws IllegalArgumentException where the folder holds a run and {@code resume} is false, is or lies in that of a
     *     finished model, or another process is at work in it
     */
    public static RunFolder open(Path folder, boolean resume) throws IOException {
        if (Files.exists(folder) && !Files.isDirectory(folder)) {
            throw new IllegalArgumentException(folder + " is a file; a run needs a folder");
        }
        for (Path at = folder.toAbsolutePath().normalize(); at != null; at = at.getParent()) {
            if (ModelFolder.isOne(at)) {
                throw new IllegalArgumentException(at + " holds a finished model; give a run another folder");
            }
        }
        if (!resume && new RunFiles(folder).holdsRun()) {
            throw new IllegalArgumentException(
                    folder + " holds a run already; give --resume to go on with it, or another folder");
        }
        Files.createDirectories(folder);
        FileChannel lockFile = lock(folder);
        if (lockFile == null) {
            throw new IllegalArgumentException("Another process is at work in " + folder);
        }
        return new RunFolder(lockFile);
    }

    private static @Nullable FileChannel lock(Path folder) throws IOException {
        FileChannel channel =
                FileChannel.open(folder.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException e) {
            lock = null;
        }
        if (lock == null) {
            channel.close();
            return null;
        }
        return channel;
    }

    /** Ends this process's hold on the folder. */
    @Override
    public void close() throws IOException {
        lockFile.close();
    }
}
