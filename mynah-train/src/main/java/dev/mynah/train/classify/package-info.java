/** Training of the classifier of short texts. */
@NullMarked
package dev.mynah.train.classify;

import org.jspecify.annotations.NullMarked;
