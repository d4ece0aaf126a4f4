@NullMarked
package dev.mynah.server.retention;

import org.jspecify.annotations.NullMarked;
