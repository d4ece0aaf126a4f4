@NullMarked
package dev.mynah.server.ops;

import org.jspecify.annotations.NullMarked;
