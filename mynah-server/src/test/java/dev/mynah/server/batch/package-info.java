@NullMarked
package dev.mynah.server.batch;

import org.jspecify.annotations.NullMarked;
