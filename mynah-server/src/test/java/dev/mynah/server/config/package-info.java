@NullMarked
package dev.mynah.server.config;

import org.jspecify.annotations.NullMarked;
