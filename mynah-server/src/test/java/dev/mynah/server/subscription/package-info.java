/** Tests of subscriptions. */
@NullMarked
package dev.mynah.server.subscription;

import org.jspecify.annotations.NullMarked;
