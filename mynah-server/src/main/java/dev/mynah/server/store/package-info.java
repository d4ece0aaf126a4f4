/** What every aggregate stands on: the database, transactions, identifiers, the server's secret. */
@NullMarked
package dev.mynah.server.store;

import org.jspecify.annotations.NullMarked;
