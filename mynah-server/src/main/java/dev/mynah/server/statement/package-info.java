/** What a wallet took and gave in a month, fixed once the month is closed. */
@NullMarked
package dev.mynah.server.statement;

import org.jspecify.annotations.NullMarked;
