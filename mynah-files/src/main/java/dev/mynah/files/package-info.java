/** Files that are whole or absent after a crash, and what is told of broken ones. */
@NullMarked
package dev.mynah.files;

import org.jspecify.annotations.NullMarked;
