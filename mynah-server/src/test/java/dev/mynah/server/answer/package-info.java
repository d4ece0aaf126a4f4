@NullMarked
package dev.mynah.server.answer;

import org.jspecify.annotations.NullMarked;
