/**
 * The subset of Jinja that chat templates are written in, with the results of the reference (jinja2 as Hugging Face
 * transformers sets it up). Templates come from strangers: there is nothing in the language that reaches files, classes
 * or the network, and steps, text, nesting and time are bounded. Every character of the output knows who wrote it.
 */
@NullMarked
package dev.mynah.text.jinja;

import org.jspecify.annotations.NullMarked;
