@NullMarked
package dev.mynah.text;

import org.jspecify.annotations.NullMarked;
