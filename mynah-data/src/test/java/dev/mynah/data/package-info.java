/** Tests of the data room. */
@NullMarked
package dev.mynah.data;

import org.jspecify.annotations.NullMarked;
