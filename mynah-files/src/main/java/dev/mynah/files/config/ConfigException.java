package dev.mynah.files.config;

/**
 * A configuration that cannot be used: one sentence with the file, the key's path, the value found and what is allowed.
 */
public final class ConfigException extends IllegalArgumentException {
    public ConfigException(String message) {
        super(message);
    }

    ConfigException(String message, Throwable cause) {
        super(message, cause);
    }
}
