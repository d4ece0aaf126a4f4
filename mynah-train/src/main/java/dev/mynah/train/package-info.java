@NullMarked
package dev.mynah.train;

import org.jspecify.annotations.NullMarked;
