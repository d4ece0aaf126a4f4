/** A linear classifier of short texts: its features, its file, and how a long text is divided for it. */
@NullMarked
package dev.mynah.text.classify;

import org.jspecify.annotations.NullMarked;
