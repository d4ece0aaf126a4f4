/** Tests of vouchers. */
@NullMarked
package dev.mynah.server.voucher;

import org.jspecify.annotations.NullMarked;
