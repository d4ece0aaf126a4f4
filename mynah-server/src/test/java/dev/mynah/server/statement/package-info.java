/** Tests of statements. */
@NullMarked
package dev.mynah.server.statement;

import org.jspecify.annotations.NullMarked;
