/** Tests of labelling. */
@NullMarked
package dev.mynah.server.labelling;

import org.jspecify.annotations.NullMarked;
