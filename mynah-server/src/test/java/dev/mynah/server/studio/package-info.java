/** Tests of studio. */
@NullMarked
package dev.mynah.server.studio;

import org.jspecify.annotations.NullMarked;
