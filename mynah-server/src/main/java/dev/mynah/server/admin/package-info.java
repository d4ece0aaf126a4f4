/** {@code /api/admin}: what administrators see and change, and operators in part. */
@NullMarked
package dev.mynah.server.admin;

import org.jspecify.annotations.NullMarked;
