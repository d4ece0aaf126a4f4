/** Tests of the administration. */
@NullMarked
package dev.mynah.server.admin;

import org.jspecify.annotations.NullMarked;
