package dev.mynah.files.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.Yaml;

/** Reads a configuration from YAML and writes it back. */
public final class Config {
    private Config() {}

    /**
     * Reads {@code file} into a record of {@code type}.
     *
     * @param overrides {@code key=value} with a dotted key, as given to {@code --set}; a value that begins with a
     *     bracket, brace or quote is read as YAML, any other as it stands
     * @throws ConfigException where a key is unknown or a value not allowed
     */
    public static <T extends Record> T read(Class<T> type, Path file, List<String> overrides) throws IOException {
        return bind(type, YamlReader.read(file), overrides);
    }

    /** As {@link #read} for a configuration that consists of its defaults and {@code overrides} alone. */
    public static <T extends Record> T defaults(Class<T> type, List<String> overrides) {
        return bind(type, new ConfigNode.Mapping(Map.of(), "the configuration"), overrides);
    }

    /**
     * Reads {@code file}, if it is there, into a record of {@code type}; what the environment says goes over it. The variable of a key is its dotted path in upper case, underscores for dots,
     * after {@code prefix}; that of a list holds YAML. A variable that begins like one of a section or a list, and is none, is refused as a misspelt one.
     *
     * @throws ConfigException where a key is unknown or a value not allowed
     */
    public static <T extends Record> T read(Class<T> type, Path file, String prefix, Map<String, String> environment)
            throws IOException {
        ConfigNode.Mapping merged =
                Files.exists(file) ? YamlReader.read(file) : new ConfigNode.Mapping(Map.of(), "the configuration");
        Map<String, ConfigReference.Entry> keys = new LinkedHashMap<>();
        List<String> sections = new ArrayList<>();
        for (ConfigReference.Entry entry : ConfigReference.entries(type)) {
            String variable = prefix + entry.path().replace('.', '_').toUpperCase(Locale.ROOT);
            if (entry.path().contains("[]")) {
                continue;
            }
            if (entry.fallback().equals(ConfigReference.SECTION)) {
                sections.add(variable + "_");
            } else {
                keys.put(variable, entry);
            }
            if (entry.isList()) {
                sections.add(variable + "_");
            }
        }
        for (Map.Entry<String, String> variable : new TreeMap<>(environment).entrySet()) {
            String name = variable.getKey();
            String origin = "the variable " + name;
            ConfigReference.Entry key = keys.get(name);
            if (key != null) {
                String text = variable.getValue();
                merged = merged.with(
                        List.of(key.path().split("\\.")),
                        key.isList() ? YamlReader.value(text, origin) : new ConfigNode.Scalar(text, origin));
            } else if (sections.stream().anyMatch(name::startsWith)) {
                String outside = outside(name, prefix, sections, keys.keySet());
                String meant = outside == null ? EditDistance.nearest(name, keys.keySet()) : outside;
                throw new ConfigException(
                        origin + " is not known" + (meant == null ? "" : "; did you mean " + meant + "?"));
            }
        }
        return ConfigBinder.bind(type, merged);
    }

    /** The variable of the same key outside of a section, or null. */
    private static @Nullable String outside(
            String name, String prefix, List<String> sections, Collection<String> known) {
        return sections.stream()
                .filter(name::startsWith)
                .map(section -> prefix + name.substring(section.length()))
                .filter(known::contains)
                .findFirst()
                .orElse(null);
    }

    private static <T extends Record> T bind(Class<T> type, ConfigNode.Mapping root, List<String> overrides) {
        ConfigNode.Mapping merged = root;
        for (String override : overrides) {
            int equals = override.indexOf('=');
            List<String> path = equals < 0
                    ? List.of()
                    : Arrays.asList(override.substring(0, equals).strip().split("\\.", -1));
            if (path.isEmpty() || path.contains("")) {
                throw new ConfigException(
                        "--set " + override + " is not of the form key=value, such as train.steps=100");
            }
            merged = merged.with(
                    path, overrideValue(override.substring(equals + 1).strip(), "--set " + override));
        }
        return ConfigBinder.bind(type, merged);
    }

    private static ConfigNode overrideValue(String text, String origin) {
        boolean yaml =
                text.isEmpty() || "[{\"'".indexOf(text.charAt(0)) >= 0 || text.equals("null") || text.equals("~");
        return yaml ? YamlReader.value(text, origin) : new ConfigNode.Scalar(text, origin);
    }

    /** The configuration as YAML with every default filled in; reading it gives an equal record. */
    public static String toYaml(Record config) {
        return toYaml(config, true);
    }

    /** @param inputs whether the keys that name what is read are among them */
    static String toYaml(Record config, boolean inputs) {
        DumperOptions options = new DumperOptions();
        options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
        options.setIndicatorIndent(2);
        options.setIndentWithIndicator(true);
        options.setSplitLines(false);
        options.setNonPrintableStyle(DumperOptions.NonPrintableStyle.ESCAPE);
        return new Yaml(options).dump(section(config, inputs));
    }

    private static Object plain(Object value, boolean inputs) {
        return switch (value) {
            case Record section -> section(section, inputs);
            case List<?> list -> list.stream().map(item -> plain(item, inputs)).toList();
            case Enum<?> constant -> Key.constantName(constant);
            case Path path -> path.toString();
            default -> value;
        };
    }

    private static Map<String, Object> section(Record section, boolean inputs) {
        Map<String, Object> entries = new LinkedHashMap<>();
        for (Key key : Key.of(section.getClass())) {
            @Nullable Object value = key.valueIn(section);
            if (value != null && (inputs || !key.isInput())) {
                entries.put(key.name(), plain(value, inputs));
            }
        }
        return entries;
    }
}
