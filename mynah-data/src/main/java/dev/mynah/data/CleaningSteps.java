package dev.mynah.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Runs the cleaning steps one after the other and notes what each did. */
final class CleaningSteps {

    private final List<String> names;
    private final List<Cleaner> steps;

    CleaningSteps(Map<String, Cleaner> steps) {
        if (steps.size() > Integer.SIZE) {
            throw new IllegalArgumentException("at most " + Integer.SIZE + " cleaning steps, found " + steps.size());
        }
        this.names = List.copyOf(steps.keySet());
        this.steps = List.copyOf(steps.values());
    }

    /**
     * What became of one text.
     *
     * @param text the cleaned text, or null where a step dropped it
     * @param changed bit i is set where step i changed the text
     * @param droppedBy index of the step that dropped it, or -1
     */
    record Outcome(@Nullable String text, int changed, int droppedBy) {}

    Outcome apply(String text) {
        int changed = 0;
        String current = text;
        for (int i = 0; i < steps.size(); i++) {
            String next = steps.get(i).clean(current);
            if (next == null) {
                return new Outcome(null, changed, i);
            }
            changed |= next.equals(current) ? 0 : 1 << i;
            current = next;
        }
        return new Outcome(current, changed, -1);
    }

    /** Adds up outcomes; used by one thread. */
    final class Tally {

        private final long[] changed = new long[steps.size()];
        private final long[] dropped = new long[steps.size()];

        void add(Outcome outcome) {
            if (outcome.droppedBy() >= 0) {
                dropped[outcome.droppedBy()]++;
            }
            for (int i = 0; i < changed.length; i++) {
                changed[i] += outcome.changed() >>> i & 1;
            }
        }

        List<StepCount> counts() {
            List<StepCount> counts = new ArrayList<>();
            for (int i = 0; i < changed.length; i++) {
                counts.add(new StepCount(names.get(i), changed[i], dropped[i]));
            }
            return counts;
        }
    }
}
