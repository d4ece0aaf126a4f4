@NullMarked
package dev.mynah.server.finetuning;

import org.jspecify.annotations.NullMarked;
