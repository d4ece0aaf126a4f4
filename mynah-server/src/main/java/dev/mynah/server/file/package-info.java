/** Files that organisations keep here, for training and batches: rows in the database, bytes in the data folder. */
@NullMarked
package dev.mynah.server.file;

import org.jspecify.annotations.NullMarked;
