/** What the owners of an account are told. */
@NullMarked
package dev.mynah.server.notice;

import org.jspecify.annotations.NullMarked;
