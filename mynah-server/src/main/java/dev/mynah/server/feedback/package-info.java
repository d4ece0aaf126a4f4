/** What users think of answers, and how the alignment recipe gets it. */
@NullMarked
package dev.mynah.server.feedback;

import org.jspecify.annotations.NullMarked;
