package dev.mynah.server.web;

/** What says of a content that a machine made it: a header of responses, a key of their bodies and of exports, and words for people. */
public final class ContentLabel {
    public static final String HEADER = "X-Mynah-Generated";
    /** The header's value. */
    public static final String GENERATED = "ai";
    /** The key. */
    public static final String KEY = "ai_generated";
    /** For people, in Markdown. */
    public static final String MARK = "*AI-generated · AI 生成*";

    private ContentLabel() {}
}
