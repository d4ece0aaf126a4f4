package dev.mynah.cli;

import dev.mynah.files.OwnWords;
import dev.mynah.train.TrainingStoppedException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.List;
import java.util.Objects;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Turns exceptions into one sentence and an exit code: 2 for what the user can mend, 1 for all else. */
final class Failures {
    static final int FAILED = 1;
    static final int BAD_INPUT = 2;

    private static final String NO_SPACE = "No space left on device";

    private Failures() {}

    /** An option or argument that is not understood. */
    static int badUsage(ParameterException exception, String[] args) {
        CommandLine command = exception.getCommandLine();
        StringBuilder sentence = new StringBuilder(oneLine(String.valueOf(exception.getMessage())));
        if (exception instanceof UnmatchedArgumentException unmatched) {
            List<String> suggestions = unmatched.getSuggestions();
            if (!suggestions.isEmpty()) {
                sentence.append("; did you mean ")
                        .append(suggestions.getFirst())
                        .append('?');
            }
        }
        String name = command.getCommandSpec().qualifiedName();
        command.getErr().println("mynah: " + sentence + " (" + name + " --help tells more)");
        return BAD_INPUT;
    }

    /** A command that ended with an exception. */
    static int failed(Exception exception, CommandLine command, ParseResult parsed) {
        Object root = command.getCommandSpec().root().userObject();
        boolean debug = root instanceof Mynah mynah && mynah.isDebug();
        return report(exception, command.getErr(), debug);
    }

    static int report(Throwable failure, PrintWriter err, boolean debug) {
        Throwable cause = failure instanceof UncheckedIOException unchecked
                ? Objects.requireNonNullElse(unchecked.getCause(), unchecked)
                : failure;
        if (debug) {
            cause.printStackTrace(err);
        }
        if (isBadInput(cause)) {
            err.println("mynah: " + oneLine(String.valueOf(cause.getMessage())));
            return BAD_INPUT;
        }
        if (cause instanceof IOException io) {
            err.println("mynah: " + oneLine(sentence(io)));
            return BAD_INPUT;
        }
        if (cause instanceof TrainingStoppedException) {
            err.println("mynah: " + oneLine(String.valueOf(cause.getMessage())));
            return FAILED;
        }
        err.println("mynah: internal error: " + oneLine(cause.toString())
                + (debug ? "" : " (--debug or MYNAH_DEBUG=1 tells where)"));
        return FAILED;
    }

    /** Whether what was given is at fault. */
    private static boolean isBadInput(Throwable cause) {
        return cause instanceof InvalidPathException
                || (cause instanceof IllegalArgumentException said && OwnWords.areIn(said));
    }

    /** What went wrong with a file, in one sentence. */
    static String sentence(IOException exception) {
        if (!(exception instanceof FileSystemException file)) {
            String message = Objects.requireNonNullElse(
                    exception.getMessage(), exception.getClass().getSimpleName());
            // A stream's message does not name its file.
            return message.equals(NO_SPACE)
                    ? "The disk is full; free some space, then give the command again"
                    : message;
        }
        String reason = switch (file) {
            case NoSuchFileException missing ->
                Objects.requireNonNullElse(missing.getReason(), "there is no such file");
            case AccessDeniedException denied -> "permission denied";
            case NotDirectoryException notFolder -> "this is not a folder";
            case FileAlreadyExistsException existing -> "a file of this name is in the way";
            default ->
                Objects.requireNonNullElse(file.getReason(), file.getClass().getSimpleName());
        };
        return file.getFile() + ": " + reason;
    }

    private static String oneLine(String text) {
        return text.strip().replaceAll("\\s*\\R\\s*", " ");
    }
}
