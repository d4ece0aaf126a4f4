@NullMarked
package dev.mynah.text.classify;

import org.jspecify.annotations.NullMarked;
