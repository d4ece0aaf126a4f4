package dev.mynah.server.web;

/** What says of a content that a machine made it: a header of responses, a key of exports ({@code ai_generated}), and words for people. */
public final class ContentLabel {
    public static final String HEADER = "X-Mynah-Generated";
    /** The header's value. */
    public static final String GENERATED = "ai";
    /** For people, in Markdown. */
    public static final String MARK = "*AI-generated*";

    private ContentLabel() {}
}
