@NullMarked
package dev.mynah.tensor;

import org.jspecify.annotations.NullMarked;
