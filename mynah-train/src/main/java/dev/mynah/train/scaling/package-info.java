/** Scaling laws: how the loss of measured runs falls with parameters, data and compute, with uncertainty. */
@NullMarked
package dev.mynah.train.scaling;

import org.jspecify.annotations.NullMarked;
