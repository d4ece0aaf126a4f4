/** Pretraining: a decoder-only transformer learns to predict the next token of a corpus. */
@NullMarked
package dev.mynah.train.pretrain;

import org.jspecify.annotations.NullMarked;
