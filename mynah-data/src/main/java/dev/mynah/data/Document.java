package dev.mynah.data;

import java.nio.file.Path;

/**
 * One text of a corpus and where it stands.
 *
 * @param text the text, well-formed Unicode (no lone surrogates)
 * @param file the file that it was read from
 * @param record where in the file, from 1: the first line (text, JSONL) or the row (Parquet)
 */
public record Document(String text, Path file, long record) {}
