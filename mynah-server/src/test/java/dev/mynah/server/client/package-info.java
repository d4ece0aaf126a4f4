/** The service as clients see it that others wrote. */
@NullMarked
package dev.mynah.server.client;

import org.jspecify.annotations.NullMarked;
