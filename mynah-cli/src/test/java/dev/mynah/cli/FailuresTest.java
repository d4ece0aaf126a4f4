package dev.mynah.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.mynah.train.TrainingStoppedException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class FailuresTest {
    @Test
    void exceptionsBecomeOneSentenceAndAnExitCode() {
        assertReport(new IllegalArgumentException("a is 1;\n it takes 2"), 2, "mynah: a is 1; it takes 2");
        assertReport(new NoSuchFileException("f.txt"), 2, "mynah: f.txt: there is no such file");
        assertReport(
                new IOException("No space left on device"),
                2,
                "mynah: The disk is full; free some space, then give the command again");
        assertReport(new FileAlreadyExistsException("f.txt"), 2, "mynah: f.txt: a file of this name is in the way");
        assertReport(
                new UncheckedIOException(new AccessDeniedException("f.txt")), 2, "mynah: f.txt: permission denied");
        assertReport(
                new FileSystemException("f.txt", null, "No space left on device"),
                2,
                "mynah: f.txt: No space left on device");
        assertReport(new IOException("Stream closed"), 2, "mynah: Stream closed");
        assertReport(new TrainingStoppedException("the loss is NaN", null), 1, "mynah: the loss is NaN");
        assertReport(
                new IllegalStateException("bug"),
                1,
                "mynah: internal error: java.lang.IllegalStateException: bug (--debug or MYNAH_DEBUG=1 tells where)");
        assertReport(
                new OutOfMemoryError("heap"),
                1,
                "mynah: internal error: java.lang.OutOfMemoryError: heap (--debug or MYNAH_DEBUG=1 tells where)");
    }

    @Test
    void whatALibraryRefusesIsAFaultOfMynah() {
        IllegalArgumentException refused = catchThrowableOfType(
                IllegalArgumentException.class, () -> List.of(1, 2).subList(2, 1));

        assertReport(
                refused,
                1,
                "mynah: internal error: java.lang.IllegalArgumentException: fromIndex(2) > toIndex(1) (--debug or MYNAH_DEBUG=1 tells where)");
        assertReport(new IllegalArgumentException("the list is empty", refused), 2, "mynah: the list is empty");
        assertReport(new InvalidPathException("a:b", "no colon"), 2, "mynah: no colon: a:b");
    }

    private static void assertReport(Throwable failure, int exitCode, String sentence) {
        StringWriter err = new StringWriter();
        assertThat(Failures.report(failure, new PrintWriter(err), false)).isEqualTo(exitCode);
        assertThat(err.toString()).isEqualTo(sentence + System.lineSeparator());
    }

    @Test
    void debugTellsWhere() {
        StringWriter err = new StringWriter();
        Failures.report(new IllegalStateException("bug"), new PrintWriter(err), true);

        assertThat(err.toString())
                .contains(Objects.requireNonNull(FailuresTest.class.getCanonicalName()) + ".debugTellsWhere");
    }
}
