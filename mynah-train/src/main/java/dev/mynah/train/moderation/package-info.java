/** What the moderation of the service learns from, and the recipe that makes its classifier. */
@NullMarked
package dev.mynah.train.moderation;

import org.jspecify.annotations.NullMarked;
