/** Tests of the service, on every database. */
@NullMarked
package dev.mynah.server;

import org.jspecify.annotations.NullMarked;
