package dev.mynah.text.jinja;

/** Python's {@code None}. */
enum None {
    NONE
}
