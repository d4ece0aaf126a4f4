package dev.mynah.data;

/** A folder of token shards is damaged or not one. The message names the file. */
public final class ShardFormatException extends IllegalArgumentException {

    ShardFormatException(String message) {
        super(message);
    }
}
