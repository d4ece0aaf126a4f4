/** What operators see and do: the audit log, health, the books added up. */
@NullMarked
package dev.mynah.server.ops;

import org.jspecify.annotations.NullMarked;
