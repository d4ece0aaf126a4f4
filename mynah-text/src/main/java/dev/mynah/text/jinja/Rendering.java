package dev.mynah.text.jinja;

import dev.mynah.text.MarkedText;
import java.util.List;

/**
 * What a template wrote.
 *
 * @param generated the parts within {@code {% generation %}} tags, in order
 */
public record Rendering(MarkedText text, List<Span> generated) {

    /** The characters {@code [begin, end)}. */
    public record Span(int begin, int end) {}

    public Rendering {
        generated = List.copyOf(generated);
    }
}
