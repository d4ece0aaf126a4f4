package dev.mynah.server.file;

import java.util.Arrays;
import java.util.Optional;

/** What a file is for, by the API's names. Files for training and batches are read here, others are kept. */
public enum FilePurpose {
    FINE_TUNE("fine-tune", true),
    BATCH("batch", true),
    USER_DATA("user_data", true),
    ASSISTANTS("assistants", true),
    VISION("vision", true),
    EVALS("evals", true),
    BATCH_OUTPUT("batch_output", false),
    FINE_TUNE_RESULTS("fine-tune-results", false);

    private final String id;
    private final boolean uploaded;

    FilePurpose(String id, boolean uploaded) {
        this.id = id;
        this.uploaded = uploaded;
    }

    public String id() {
        return id;
    }

    /** Whether files for it come from users; the service makes the others. */
    public boolean isUploaded() {
        return uploaded;
    }

    public static Optional<FilePurpose> of(String id) {
        return Arrays.stream(values()).filter(purpose -> purpose.id.equals(id)).findFirst();
    }
}
