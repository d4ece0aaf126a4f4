package dev.mynah.server.file;

import dev.mynah.server.ops.RepeatedTask;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import org.springframework.stereotype.Component;

/** Deletes what has expired, or was left behind by a kill. */
@Component
final class FileClearing extends RepeatedTask {
    private final StoredFiles files;
    private final Uploads uploads;

    FileClearing(StoredFiles files, Uploads uploads) {
        super("clearing files", Duration.ofMinutes(10));
        this.files = files;
        this.uploads = uploads;
    }

    @Override
    protected void once() {
        try {
            uploads.clear();
            files.clear();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
