/** Measures what a model can do, by the definitions that published tables use; see {@code docs/evaluation.md}. */
@NullMarked
package dev.mynah.train.eval;

import org.jspecify.annotations.NullMarked;
