/** The {@code mynah} command: what is typed, what is printed, exit codes. The work is done in the other rooms. */
@NullMarked
package dev.mynah.cli;

import org.jspecify.annotations.NullMarked;
