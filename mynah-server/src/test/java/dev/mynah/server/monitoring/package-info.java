@NullMarked
package dev.mynah.server.monitoring;

import org.jspecify.annotations.NullMarked;
