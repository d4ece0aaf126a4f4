/** Tests of accounts and sessions. */
@NullMarked
package dev.mynah.server.account;

import org.jspecify.annotations.NullMarked;
