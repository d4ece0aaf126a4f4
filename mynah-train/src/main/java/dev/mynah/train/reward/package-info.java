/** What an answer is worth: reward models that learn it from rankings, and rules that know it. */
@NullMarked
package dev.mynah.train.reward;

import org.jspecify.annotations.NullMarked;
