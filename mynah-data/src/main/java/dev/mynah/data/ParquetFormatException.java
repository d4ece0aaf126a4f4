package dev.mynah.data;

/** A Parquet file is damaged, or holds what this reader does not know. */
final class ParquetFormatException extends IllegalArgumentException {

    ParquetFormatException(String message) {
        super(message);
    }
}
