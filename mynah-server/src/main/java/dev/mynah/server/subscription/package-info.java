/** Plans that are paid by the month: begun, renewed, changed, cancelled. */
@NullMarked
package dev.mynah.server.subscription;

import org.jspecify.annotations.NullMarked;
