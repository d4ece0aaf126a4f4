@NullMarked
package dev.mynah.server.file;

import org.jspecify.annotations.NullMarked;
