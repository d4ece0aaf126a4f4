package dev.mynah.text;

import java.util.Arrays;
import java.util.List;

/**
 * Token ids by the tokens' bytes: a hash table with open addressing, at most half full, that is asked with a part of a
 * larger array.
 */
final class TokenTable {

    private final byte[][] keys;
    private final int[] ids;
    private final int mask;

    /** Tokens by id; an empty one is no token. Of tokens that are equal the first counts. */
    TokenTable(List<byte[]> tokens) {
        int capacity = Integer.highestOneBit(Math.max(8, tokens.size() * 2 - 1)) * 2;
        keys = new byte[capacity][];
        Arrays.fill(keys, new byte[0]);
        ids = new int[capacity];
        mask = capacity - 1;
        for (int id = 0; id < tokens.size(); id++) {
            byte[] token = tokens.get(id);
            int slot = slotOf(token, 0, token.length);
            if (token.length > 0 && keys[slot].length == 0) {
                keys[slot] = token;
                ids[slot] = id;
            }
        }
    }

    /** The id of the token with the bytes {@code text[from, to)}, or -1. */
    int id(byte[] text, int from, int to) {
        int slot = slotOf(text, from, to);
        return keys[slot].length == 0 ? -1 : ids[slot];
    }

    private int slotOf(byte[] text, int from, int to) {
        int slot = hash(text, from, to) & mask;
        while (keys[slot].length != 0 && !Arrays.equals(keys[slot], 0, keys[slot].length, text, from, to)) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    static int hash(byte[] text, int from, int to) {
        int hash = to - from;
        for (int i = from; i < to; i++) {
            hash = hash * 31 + text[i];
        }
        hash *= 0x9E3779B9;
        return hash ^ (hash >>> 15);
    }
}
