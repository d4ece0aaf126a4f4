package dev.mynah.data;

/** What one document is in a plain text file. */
public enum TextSplit {
    /** The whole file. */
    FILE,
    /** Every line that is not blank. */
    LINE,
    /** Every block of lines between blank lines. */
    BLANK_LINE
}
