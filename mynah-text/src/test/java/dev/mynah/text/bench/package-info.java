/** Benchmarks of the tokenizers. */
@NullMarked
package dev.mynah.text.bench;

import org.jspecify.annotations.NullMarked;
