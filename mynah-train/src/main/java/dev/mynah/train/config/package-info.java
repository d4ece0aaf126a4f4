/**
 * Configuration of every training stage: typed records, read from YAML, overridden by {@code --set}, documented by
 * their own annotations.
 */
@NullMarked
package dev.mynah.train.config;

import org.jspecify.annotations.NullMarked;
