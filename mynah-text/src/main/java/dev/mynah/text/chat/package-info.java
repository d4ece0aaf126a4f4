/** Conversations as models read and write them: messages, tools, chat templates, and the tool calls in an answer. */
@NullMarked
package dev.mynah.text.chat;

import org.jspecify.annotations.NullMarked;
