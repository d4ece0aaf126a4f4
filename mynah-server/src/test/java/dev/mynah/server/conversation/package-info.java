/** Tests of conversations. */
@NullMarked
package dev.mynah.server.conversation;

import org.jspecify.annotations.NullMarked;
