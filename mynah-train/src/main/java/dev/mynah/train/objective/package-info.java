/** What alignment optimises and measures, as functions of numbers: losses of rankings and preferences, and the terms of reinforcement learning. */
@NullMarked
package dev.mynah.train.objective;

import org.jspecify.annotations.NullMarked;
