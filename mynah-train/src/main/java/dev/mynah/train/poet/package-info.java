/** The poet: rules of classical Chinese verse, what the assistant is taught to say, and the recipe that trains it. */
@NullMarked
package dev.mynah.train.poet;

import org.jspecify.annotations.NullMarked;
