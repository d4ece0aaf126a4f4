/** Many requests in one file, answered when there is room for them, at a lower price. */
@NullMarked
package dev.mynah.server.batch;

import org.jspecify.annotations.NullMarked;
