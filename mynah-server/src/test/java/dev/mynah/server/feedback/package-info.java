/** Tests of feedback. */
@NullMarked
package dev.mynah.server.feedback;

import org.jspecify.annotations.NullMarked;
