/** Tests of upstreams. */
@NullMarked
package dev.mynah.server.upstream;

import org.jspecify.annotations.NullMarked;
