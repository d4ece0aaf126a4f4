/** From files of text to token shards: sources, cleaning, de-duplication, splits, packing, and the registry of public data sets. */
@NullMarked
package dev.mynah.data;

import org.jspecify.annotations.NullMarked;
