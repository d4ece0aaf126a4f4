/** Codes that are worth credit. */
@NullMarked
package dev.mynah.server.voucher;

import org.jspecify.annotations.NullMarked;
