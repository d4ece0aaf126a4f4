package dev.mynah.data;

import java.nio.file.Path;

/** One file of a corpus, and the source that named it. */
record SourceFile(Path path, SourceFormat format, SourceSpec spec) {}
