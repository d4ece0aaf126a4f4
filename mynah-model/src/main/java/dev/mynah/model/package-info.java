/** Network definitions, their configurations, and the checkpoint formats they are read from and written to. */
@NullMarked
package dev.mynah.model;

import org.jspecify.annotations.NullMarked;
