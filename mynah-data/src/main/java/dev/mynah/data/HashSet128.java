package dev.mynah.data;

/** A set of 128-bit hashes by open addressing: 16 bytes a slot, at most 60% full, so 27 to 54 bytes an element. */
final class HashSet128 {

    private static final double MAX_FILL = 0.6;

    private long[] slots = new long[2 << 10];
    private int size;

    /** Adds a hash; false where it was there. */
    boolean add(TextHash hash) {
        // (0, 0) marks a free slot; moving that one hash aside costs nothing at 128 bits.
        long high = hash.high() == 0 && hash.low() == 0 ? 1 : hash.high();
        if (size + 1 > MAX_FILL * (slots.length / 2.0)) {
            grow();
        }
        int slot = find(slots, high, hash.low());
        if (slots[slot] == high && slots[slot + 1] == hash.low()) {
            return false;
        }
        slots[slot] = high;
        slots[slot + 1] = hash.low();
        size++;
        return true;
    }

    private void grow() {
        long[] larger = new long[Math.multiplyExact(slots.length, 2)];
        for (int i = 0; i < slots.length; i += 2) {
            if (slots[i] != 0 || slots[i + 1] != 0) {
                int slot = find(larger, slots[i], slots[i + 1]);
                larger[slot] = slots[i];
                larger[slot + 1] = slots[i + 1];
            }
        }
        slots = larger;
    }

    private static int find(long[] slots, long high, long low) {
        int mask = slots.length / 2 - 1;
        int i = (int) low & mask;
        while (true) {
            int slot = 2 * i;
            boolean free = slots[slot] == 0 && slots[slot + 1] == 0;
            if (free || (slots[slot] == high && slots[slot + 1] == low)) {
                return slot;
            }
            i = i + 1 & mask;
        }
    }
}
