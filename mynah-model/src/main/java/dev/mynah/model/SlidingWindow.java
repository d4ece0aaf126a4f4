package dev.mynah.model;

import java.util.List;

/**
 * Attention to the nearest keys alone, in some of the layers (Beltagy et al. 2020).
 *
 * @param size   keys that a query sees, its own included
 * @param layers indices of the layers with this window, ascending; the others see everything before them
 * @param rope   the rotation in these layers
 */
public record SlidingWindow(int size, List<Integer> layers, RopeOptions rope) {

    public SlidingWindow {
        layers = List.copyOf(layers);
        if (size < 1) {
            throw new IllegalArgumentException("sliding_window must be at least 1, not " + size);
        }
    }
}
