/**
 * The life of an answer, the same for every endpoint: what it may cost is set aside, it is generated, what was delivered is committed while it runs, and it is settled, on whatever way
 * it ends.
 */
@NullMarked
package dev.mynah.server.answer;

import org.jspecify.annotations.NullMarked;
