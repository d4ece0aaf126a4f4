/** Tests of payments and refunds. */
@NullMarked
package dev.mynah.server.payment;

import org.jspecify.annotations.NullMarked;
