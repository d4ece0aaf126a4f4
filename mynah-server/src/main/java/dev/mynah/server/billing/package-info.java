/**
 * Plans and money: prices, limits, the ledger. Amounts are whole micro-units of their currency; no number here is a float. Every change of a balance or a limit is one conditional
 * update, so that nothing is checked first and done later.
 */
@NullMarked
package dev.mynah.server.billing;

import org.jspecify.annotations.NullMarked;
