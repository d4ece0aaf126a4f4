/**
 * Configuration: typed records, read from YAML, overridden by {@code --set} or the environment, documented by their own
 * annotations.
 */
@NullMarked
package dev.mynah.files.config;

import org.jspecify.annotations.NullMarked;
