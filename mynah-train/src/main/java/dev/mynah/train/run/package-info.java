/** A training run's folder: its files, logs, checkpoints and TensorBoard events. Nothing here touches a tensor. */
@NullMarked
package dev.mynah.train.run;

import org.jspecify.annotations.NullMarked;
