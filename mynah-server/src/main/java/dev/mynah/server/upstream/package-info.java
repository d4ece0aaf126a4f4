/** Models that other services answer with, by the OpenAI API: routing, retries, time-outs, circuit breaking. */
@NullMarked
package dev.mynah.server.upstream;

import org.jspecify.annotations.NullMarked;
