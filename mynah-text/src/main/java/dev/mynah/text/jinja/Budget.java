package dev.mynah.text.jinja;

import java.time.Duration;

/**
 * What one rendering may still use. Every evaluated part of the template, every element looked at and every 16
 * characters of text made cost one step, so that memory is bounded too.
 */
final class Budget {
    private static final long STEPS = 8_000_000;
    private static final int CHARS_PER_STEP = 16;
    /** Of one text; the longest conversations that models take have some millions. */
    static final int MAX_TEXT = 32 << 20;

    private static final int MAX_DEPTH = 200;
    private static final Duration TIME = Duration.ofSeconds(5);
    private static final int STEPS_BETWEEN_LOOKS = 4096;

    private final long started = System.nanoTime();
    private long left = STEPS;
    private long nextLook = STEPS - STEPS_BETWEEN_LOOKS;
    private int depth;

    void spend(long steps) {
        left -= steps;
        if (left < 0) {
            throw new JinjaException("chat template: it takes more than " + STEPS + " steps");
        }
        if (left < nextLook) {
            nextLook = left - STEPS_BETWEEN_LOOKS;
            if (System.nanoTime() - started > TIME.toNanos()) {
                throw new JinjaException("chat template: it takes more than " + TIME.toSeconds() + " seconds");
            }
        }
    }

    /** Before a text of {@code chars} is made. */
    void spendText(long chars) {
        spendMore(0, chars);
    }

    /** Before {@code chars} are added to a text of {@code length}. */
    void spendMore(long length, long chars) {
        if (length + chars > MAX_TEXT) {
            throw new JinjaException("chat template: it makes a text of more than " + MAX_TEXT + " characters");
        }
        spend(1 + chars / CHARS_PER_STEP);
    }

    /** Before {@code part} is looked for in {@code text}, which takes the product of their lengths at worst. */
    void spendSearch(int text, int part) {
        spend(1 + (long) text * part / 64);
    }

    void enter() {
        spend(1);
        if (++depth > MAX_DEPTH) {
            throw new JinjaException("chat template: it is nested, or calls itself, more than " + MAX_DEPTH + " deep");
        }
    }

    void leave() {
        depth--;
    }
}
