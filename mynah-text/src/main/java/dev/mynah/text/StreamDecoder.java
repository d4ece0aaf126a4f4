package dev.mynah.text;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Turns ids into text as they come, and never gives out a part of a character. For one thread. */
public final class StreamDecoder {

    private final Tokenizer tokenizer;
    private final boolean skipSpecials;
    private byte[] pending = new byte[0];

    /** @param skipSpecials whether special tokens are left out, or given as their text */
    public StreamDecoder(Tokenizer tokenizer, boolean skipSpecials) {
        this.tokenizer = tokenizer;
        this.skipSpecials = skipSpecials;
    }

    /** The text that {@code id} completes, which may be empty; bytes that cannot become a character are U+FFFD. */
    public String feed(int id) {
        byte[] bytes = tokenizer.bytes(id);
        if (skipSpecials && tokenizer.isSpecial(id)) {
            return "";
        }
        byte[] all = Arrays.copyOf(pending, pending.length + bytes.length);
        System.arraycopy(bytes, 0, all, pending.length, bytes.length);
        int complete = all.length - Utf8.incompleteTail(all, all.length);
        pending = Arrays.copyOfRange(all, complete, all.length);
        return new String(all, 0, complete, StandardCharsets.UTF_8);
    }

    /**
     * What is left at the end: U+FFFD where the ids stopped within a character, else nothing. The decoder can be used
     * again.
     */
    public String flush() {
        String rest = new String(pending, StandardCharsets.UTF_8);
        pending = new byte[0];
        return rest;
    }
}
