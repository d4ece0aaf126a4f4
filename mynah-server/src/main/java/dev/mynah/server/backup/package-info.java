/** Back-ups of all that the service keeps, and what brings them back. */
@NullMarked
package dev.mynah.server.backup;

import org.jspecify.annotations.NullMarked;
