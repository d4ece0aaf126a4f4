/** Tests of money: whatever happens, the books add up. */
@NullMarked
package dev.mynah.server.billing;

import org.jspecify.annotations.NullMarked;
