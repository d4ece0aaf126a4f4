package dev.mynah.server.file;

/** A file that there is no room for. */
public final class FileTooLargeException extends RuntimeException {
    private FileTooLargeException(String message) {
        super(message);
    }

    static FileTooLargeException over(long limit) {
        return new FileTooLargeException("The file is too large: the limit is " + limit + " bytes.");
    }

    static FileTooLargeException overQuota(long quota) {
        return new FileTooLargeException("Your organisation's files may take " + quota
                + " bytes in all, and this one would go beyond. Delete files that are no longer needed.");
    }
}
