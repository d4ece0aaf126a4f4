/** Tests of the OpenAI API. */
@NullMarked
package dev.mynah.server.api;

import org.jspecify.annotations.NullMarked;
