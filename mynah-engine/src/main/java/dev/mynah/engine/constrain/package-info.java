/**
 * Output that can only be valid: a choice, a regular expression, JSON, or JSON of a schema. Each becomes a {@link
 * dev.mynah.engine.constrain.Pattern}, the patterns of a grammar an automaton with a stack over bytes, and the automaton
 * a mask over the vocabulary.
 */
@NullMarked
package dev.mynah.engine.constrain;

import org.jspecify.annotations.NullMarked;
