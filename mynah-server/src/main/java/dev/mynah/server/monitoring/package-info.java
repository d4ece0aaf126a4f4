/** Figures for those who operate the service: metrics, health and its recent history. */
@NullMarked
package dev.mynah.server.monitoring;

import org.jspecify.annotations.NullMarked;
