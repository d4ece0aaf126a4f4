/** Inference: sampling, generation with cached keys and values, and scoring. */
@NullMarked
package dev.mynah.engine;

import org.jspecify.annotations.NullMarked;
