/**
 * What the loops of all training stages are made of: the optimiser and its schedule, what stops a run that goes wrong, what a checkpoint holds, and the journal of a run. A stage
 * calls them; none calls a stage.
 */
@NullMarked
package dev.mynah.train.loop;

import org.jspecify.annotations.NullMarked;
