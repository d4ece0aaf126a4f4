/** What may be asked and said: words, patterns and policies, strikes, the queue of what was found, and the alarm. */
@NullMarked
package dev.mynah.server.moderation;

import org.jspecify.annotations.NullMarked;
