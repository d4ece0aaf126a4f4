/** Training runs, as those who run the service watch them. */
@NullMarked
package dev.mynah.server.studio;

import org.jspecify.annotations.NullMarked;
