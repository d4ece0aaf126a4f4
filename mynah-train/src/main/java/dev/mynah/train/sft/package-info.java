/** Supervised fine-tuning: a model learns to answer as the assistant of example conversations does. */
@NullMarked
package dev.mynah.train.sft;

import org.jspecify.annotations.NullMarked;
