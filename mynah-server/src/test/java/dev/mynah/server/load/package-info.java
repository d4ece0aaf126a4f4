@NullMarked
package dev.mynah.server.load;

import org.jspecify.annotations.NullMarked;
