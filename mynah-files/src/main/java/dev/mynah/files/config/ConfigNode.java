package dev.mynah.files.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A configuration before it is bound to a record. Scalars stay text: what they mean is decided by the record's type,
 * not by YAML 1.1, which reads {@code 1e-3} as text and {@code no} as false.
 */
sealed interface ConfigNode {

    /**
     * Where the node was written, to begin an error with: {@code "run.yaml, line 3"} or {@code "--set train.steps"}.
     */
    String origin();

    /** How the value is shown in an error. */
    String shown();

    /** One value; {@code text} is null for an empty value, {@code ~} and {@code null}. */
    record Scalar(@Nullable String text, String origin) implements ConfigNode {
        private static final int LONGEST_SHOWN = 60;

        @Override
        public String shown() {
            if (text == null) {
                return "empty";
            }
            return '"' + (text.length() <= LONGEST_SHOWN ? text : text.substring(0, LONGEST_SHOWN) + "...") + '"';
        }
    }

    /** A list. */
    record Sequence(List<ConfigNode> items, String origin) implements ConfigNode {
        @Override
        public String shown() {
            return "a list";
        }
    }

    /** Keys and values in the order in which they were written. */
    record Mapping(Map<String, ConfigNode> entries, String origin) implements ConfigNode {
        @Override
        public String shown() {
            return "a mapping";
        }

        /**
         * This mapping with {@code value} at {@code path}, in place of what stood there; mappings on the way are made
         * where there are none.
         */
        Mapping with(List<String> path, ConfigNode value) {
            Map<String, ConfigNode> copy = new LinkedHashMap<>(entries);
            String key = path.getFirst();
            if (path.size() == 1) {
                copy.put(key, value);
            } else {
                Mapping inner =
                        copy.get(key) instanceof Mapping mapping ? mapping : new Mapping(Map.of(), value.origin());
                copy.put(key, inner.with(path.subList(1, path.size()), value));
            }
            return new Mapping(copy, origin);
        }
    }
}
