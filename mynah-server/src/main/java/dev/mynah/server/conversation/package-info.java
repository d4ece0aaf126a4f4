/** Conversations: trees of messages, and answers that go on whoever watches. */
@NullMarked
package dev.mynah.server.conversation;

import org.jspecify.annotations.NullMarked;
