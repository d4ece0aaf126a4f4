@NullMarked
package dev.mynah.server.web;

import org.jspecify.annotations.NullMarked;
