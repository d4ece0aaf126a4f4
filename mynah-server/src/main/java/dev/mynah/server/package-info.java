/** The service as a whole: starts it, stops it, and puts its parts together. */
@NullMarked
package dev.mynah.server;

import org.jspecify.annotations.NullMarked;
