@NullMarked
package dev.mynah.engine;

import org.jspecify.annotations.NullMarked;
