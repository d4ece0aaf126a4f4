package dev.mynah.train.run;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.mynah.files.DurableFiles;
import dev.mynah.train.loop.TrainingState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Any bytes are a file of a run, or refused in one sentence. See docs/development.md for how to fuzz. */
class RunFilesFuzzTest {

    @FuzzTest
    void runJson(byte[] bytes) throws IOException {
        reading(bytes, file -> RunInfo.read(file).with(RunInfo.Status.STOPPED, null, null));
    }

    @FuzzTest
    void stateJson(byte[] bytes) throws IOException {
        reading(bytes, file -> TrainingState.read(file).save(file));
    }

    @FuzzTest
    void checksums(byte[] bytes) throws IOException {
        Path folder = Files.createTempDirectory("checkpoint");
        try {
            Files.write(folder.resolve(Checksums.FILE), bytes);
            Checksums.problem(folder, true);
        } finally {
            DurableFiles.deleteTree(folder);
        }
    }

    private interface Reading {
        void of(Path file) throws IOException;
    }

    private static void reading(byte[] bytes, Reading reading) throws IOException {
        Path file = Files.createTempFile("run", ".json");
        try {
            Files.write(file, bytes);
            reading.of(file);
        } catch (IllegalArgumentException e) {
            // Refused.
        } finally {
            Files.delete(file);
        }
    }
}
