/** What a training run would take, before it is run: operations, memory of each device, time, energy and money. */
@NullMarked
package dev.mynah.train.plan;

import org.jspecify.annotations.NullMarked;
