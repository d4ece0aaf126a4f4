/** Tests of moderation. */
@NullMarked
package dev.mynah.server.moderation;

import org.jspecify.annotations.NullMarked;
