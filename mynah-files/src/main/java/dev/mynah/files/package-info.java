/** Files that are whole or absent after a crash. */
@NullMarked
package dev.mynah.files;

import org.jspecify.annotations.NullMarked;
