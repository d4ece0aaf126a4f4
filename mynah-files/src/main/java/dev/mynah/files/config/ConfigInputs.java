package dev.mynah.files.config;

import java.util.ArrayList;
import java.util.List;

/** The files and folders that a configuration names to be read. */
public final class ConfigInputs {

    private ConfigInputs() {}

    /**
     * One of them.
     *
     * @param key the configuration key, as in {@code data.paths}
     * @param path as it is written there
     */
    public record Named(String key, String path) {}

    /** All of them, in the order of the keys. */
    public static List<Named> of(Record config) {
        List<Named> named = new ArrayList<>();
        collect(config, "", named);
        return named;
    }

    /** The configuration as YAML without them: where they lie says nothing of what they are. */
    public static String leftOutOf(Record config) {
        return Config.toYaml(config, false);
    }

    private static void collect(Record section, String prefix, List<Named> named) {
        for (Key key : Key.of(section.getClass())) {
            String name = prefix + key.name();
            Object value = key.valueIn(section);
            if (value instanceof Record inner) {
                collect(inner, name + ".", named);
            } else if (value != null && key.isInput()) {
                List<?> paths = value instanceof List<?> list ? list : List.of(value);
                paths.forEach(path -> named.add(new Named(name, path.toString())));
            }
        }
    }
}
