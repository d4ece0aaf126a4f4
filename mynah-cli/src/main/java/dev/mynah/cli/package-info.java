@NullMarked
package dev.mynah.cli;

import org.jspecify.annotations.NullMarked;
