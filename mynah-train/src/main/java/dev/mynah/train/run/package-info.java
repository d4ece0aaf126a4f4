/**
 * A training run's folder: its log of metrics, checkpoints and TensorBoard events, and the small parts of a loop that
 * touch no tensors.
 */
@NullMarked
package dev.mynah.train.run;

import org.jspecify.annotations.NullMarked;
