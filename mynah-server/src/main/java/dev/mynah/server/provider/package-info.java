/** Where answers come from: the models of this process, and how they are asked. */
@NullMarked
package dev.mynah.server.provider;

import org.jspecify.annotations.NullMarked;
