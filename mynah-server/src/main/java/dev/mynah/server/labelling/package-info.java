/** The desk of those who write demonstrations and rank answers: queues, assignments, agreement, verdicts. */
@NullMarked
package dev.mynah.server.labelling;

import org.jspecify.annotations.NullMarked;
