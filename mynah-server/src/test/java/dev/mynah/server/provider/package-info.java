/** Tests of the models that a server has. */
@NullMarked
package dev.mynah.server.provider;

import org.jspecify.annotations.NullMarked;
