package dev.mynah.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** All documents of all files of a corpus, one after the other; one file is open at a time. */
final class CorpusReader implements Iterator<Document>, AutoCloseable {

    private final CorpusConfig config;
    private final List<SourceFile> files;
    private final long[] documents;
    private final long totalBytes;
    private final SkipLog skips;
    private int fileIndex = -1;
    private long bytesOfFinishedFiles;
    private @Nullable DocumentReader reader;
    private @Nullable Document upcoming;

    CorpusReader(CorpusConfig config) throws IOException {
        this.config = config;
        this.files = SourceFiles.resolve(config.sources());
        this.documents = new long[files.size()];
        this.skips = new SkipLog(config.strict());
        long bytes = 0;
        for (SourceFile file : files) {
            bytes += Files.size(file.path());
        }
        this.totalBytes = bytes;
    }

    List<SourceFile> files() {
        return files;
    }

    /** How many documents the file with this index gave. */
    long documentsOf(int file) {
        return documents[file];
    }

    Skipped skipped() {
        return skips.report();
    }

    long totalBytes() {
        return totalBytes;
    }

    long bytesRead() {
        return bytesOfFinishedFiles + (reader == null ? 0 : reader.bytesRead());
    }

    @Override
    public boolean hasNext() {
        try {
            while (upcoming == null) {
                if (reader == null && !openNext()) {
                    return false;
                }
                upcoming = reader == null ? null : reader.next();
                if (upcoming == null) {
                    closeCurrent();
                }
            }
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Document next() {
        if (!hasNext() || upcoming == null) {
            throw new NoSuchElementException();
        }
        Document document = upcoming;
        upcoming = null;
        documents[fileIndex]++;
        return document;
    }

    private boolean openNext() throws IOException {
        if (fileIndex + 1 == files.size()) {
            return false;
        }
        fileIndex++;
        reader = SourceFiles.open(files.get(fileIndex), config.textField(), config.textSplit(), skips);
        return true;
    }

    private void closeCurrent() throws IOException {
        if (reader != null) {
            bytesOfFinishedFiles += reader.bytesRead();
            reader.close();
            reader = null;
        }
    }

    @Override
    public void close() throws IOException {
        closeCurrent();
    }
}
