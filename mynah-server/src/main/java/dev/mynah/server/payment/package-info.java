/** Money from outside and back: payments, refunds, and the providers that move them. Every amount that moves is an entry of the ledger, booked under a reference that cannot come twice. */
@NullMarked
package dev.mynah.server.payment;

import org.jspecify.annotations.NullMarked;
