@NullMarked
package dev.mynah.model;

import org.jspecify.annotations.NullMarked;
