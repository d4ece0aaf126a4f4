package dev.mynah.data;

import java.util.SequencedSet;

/**
 * A text and what it is about.
 *
 * @param labels none for a text that is about nothing of interest
 * @param source where it comes from, for figures by source; empty where that is not told
 * @param group  what must stay together when texts are divided for training and tests; the text itself where nothing is told
 */
public record LabelledText(String text, SequencedSet<String> labels, String source, String group) {}
