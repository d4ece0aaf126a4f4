/** The report of a run: one HTML file that needs nothing but itself. */
@NullMarked
package dev.mynah.train.report;

import org.jspecify.annotations.NullMarked;
