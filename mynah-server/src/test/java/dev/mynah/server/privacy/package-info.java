/** Tests of privacy. */
@NullMarked
package dev.mynah.server.privacy;

import org.jspecify.annotations.NullMarked;
