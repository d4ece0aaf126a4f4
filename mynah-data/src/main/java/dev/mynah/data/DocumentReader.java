package dev.mynah.data;

import java.io.Closeable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The documents of one file, one after the other. */
interface DocumentReader extends Closeable {

    /** The next document, or null at the end of the file. */
    @Nullable
    Document next() throws IOException;

    /** How many bytes of the file (as it lies on disk) have been read. */
    long bytesRead();
}
