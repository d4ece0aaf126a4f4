/** The web app, used in a real browser. */
@NullMarked
package dev.mynah.server.webapp;

import org.jspecify.annotations.NullMarked;
