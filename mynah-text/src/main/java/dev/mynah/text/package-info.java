/** Tokenizers: byte-level BPE, trained, loaded, written, and run in both directions. */
@NullMarked
package dev.mynah.text;

import org.jspecify.annotations.NullMarked;
