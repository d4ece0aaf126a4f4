@NullMarked
package dev.mynah.server.openapi;

import org.jspecify.annotations.NullMarked;
