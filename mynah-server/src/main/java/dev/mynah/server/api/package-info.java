/** The OpenAI API: what its requests and responses look like, and nothing else. */
@NullMarked
package dev.mynah.server.api;

import org.jspecify.annotations.NullMarked;
