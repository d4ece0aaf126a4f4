/** How the service is set up: one record, from a file and the environment. */
@NullMarked
package dev.mynah.server.config;

import org.jspecify.annotations.NullMarked;
