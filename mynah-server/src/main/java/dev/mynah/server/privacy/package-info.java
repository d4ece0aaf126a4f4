/** A user's own data: all of it out, and all of it gone. */
@NullMarked
package dev.mynah.server.privacy;

import org.jspecify.annotations.NullMarked;
