/** Recipes of several stages: from data to an aligned model in one command. */
@NullMarked
package dev.mynah.train.recipe;

import org.jspecify.annotations.NullMarked;
