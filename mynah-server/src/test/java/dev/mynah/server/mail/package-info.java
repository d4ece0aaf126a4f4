/** Tests of mails and sessions. */
@NullMarked
package dev.mynah.server.mail;

import org.jspecify.annotations.NullMarked;
