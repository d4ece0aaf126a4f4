/** Weights as they lie in a file or in memory, quantised or not, for those who compute on the bytes themselves. */
@NullMarked
package dev.mynah.model.weights;

import org.jspecify.annotations.NullMarked;
