/** Deletes what was kept for as long as the configuration says. */
@NullMarked
package dev.mynah.server.retention;

import org.jspecify.annotations.NullMarked;
