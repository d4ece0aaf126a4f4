/** Mails: what they say, the outbox in the database, and how they leave. */
@NullMarked
package dev.mynah.server.mail;

import org.jspecify.annotations.NullMarked;
