/** What the stages that learn from conversations share: how turns become tokens, the base model that they start from, and what of it they change. */
@NullMarked
package dev.mynah.train.chat;

import org.jspecify.annotations.NullMarked;
