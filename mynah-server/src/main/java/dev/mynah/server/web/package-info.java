/** What every endpoint stands on: who calls, bodies read with care, errors in one form, streams of events. */
@NullMarked
package dev.mynah.server.web;

import org.jspecify.annotations.NullMarked;
