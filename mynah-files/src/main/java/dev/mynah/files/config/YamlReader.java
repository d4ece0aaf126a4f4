package dev.mynah.files.config;

import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * Reads YAML into {@link ConfigNode}s with limits on size, nesting and what aliases expand to. No object is ever
 * constructed from a tag.
 */
final class YamlReader {
    private static final int MAX_BYTES = 1 << 20;
    private static final int MAX_NESTING = 20;
    private static final int MAX_NODES = 100_000;
    private static final Set<String> EMPTY = Set.of("", "~", "null");
    private static final Set<Tag> TAGS =
            Set.of(Tag.STR, Tag.INT, Tag.FLOAT, Tag.BOOL, Tag.NULL, Tag.TIMESTAMP, Tag.MERGE, Tag.SEQ, Tag.MAP);

    private final String source;
    private final boolean showLines;
    private int nodes;

    private YamlReader(String source, boolean showLines) {
        this.source = source;
        this.showLines = showLines;
    }

    /** Reads the mapping that {@code file} holds. */
    static ConfigNode.Mapping read(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new ConfigException("The config file " + file + " does not exist or is not a file");
        }
        if (Files.size(file) > MAX_BYTES) {
            throw new ConfigException(
                    file + " has " + Files.size(file) + " bytes; a config file has at most " + MAX_BYTES);
        }
        ConfigNode root = new YamlReader(file.toString(), true).parse(utf8(file));
        if (root instanceof ConfigNode.Mapping mapping) {
            return mapping;
        }
        throw new ConfigException(file + " holds " + root.shown() + "; a config is a mapping of keys to values");
    }

    /** Reads a value that stands in no file; {@code source} begins every error. */
    static ConfigNode value(String text, String source) {
        return new YamlReader(source, false).parse(text);
    }

    private static String utf8(Path file) throws IOException {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(Files.readAllBytes(file)))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new ConfigException(file + " is not UTF-8 text", e);
        }
    }

    private ConfigNode parse(String text) {
        LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(MAX_BYTES);
        options.setNestingDepthLimit(MAX_NESTING);
        try {
            @Nullable Node root = new Yaml(new SafeConstructor(options)).compose(new StringReader(text));
            return root == null ? new ConfigNode.Scalar(null, source) : convert(root, 0);
        } catch (MarkedYAMLException e) {
            int line = e.getProblemMark() == null ? 0 : e.getProblemMark().getLine() + 1;
            throw new ConfigException(origin(line) + " is not valid YAML: " + e.getProblem(), e);
        } catch (YAMLException e) {
            throw new ConfigException(source + " is not valid YAML: " + e.getMessage(), e);
        }
    }

    private ConfigNode convert(Node node, int depth) {
        String origin = origin(node.getStartMark().getLine() + 1);
        if (depth > MAX_NESTING || ++nodes > MAX_NODES) {
            throw new ConfigException(origin + " is nested deeper than " + MAX_NESTING
                    + " levels or expands to more than " + MAX_NODES + " values");
        }
        if (!TAGS.contains(node.getTag())) {
            throw new ConfigException(origin + " has the tag " + node.getTag().getValue() + "; a config has no tags");
        }
        return switch (node) {
            case ScalarNode scalar -> new ConfigNode.Scalar(text(scalar), origin);
            case SequenceNode sequence -> {
                List<ConfigNode> items = new ArrayList<>();
                for (Node item : sequence.getValue()) {
                    items.add(convert(item, depth + 1));
                }
                yield new ConfigNode.Sequence(items, origin);
            }
            case MappingNode mapping -> new ConfigNode.Mapping(entries(mapping, depth), origin);
            default -> throw new ConfigException(origin + " is neither a value, a list nor a mapping");
        };
    }

    private Map<String, ConfigNode> entries(MappingNode mapping, int depth) {
        Map<String, ConfigNode> entries = new LinkedHashMap<>();
        for (NodeTuple entry : mapping.getValue()) {
            String origin = origin(entry.getKeyNode().getStartMark().getLine() + 1);
            if (!(entry.getKeyNode() instanceof ScalarNode key)) {
                throw new ConfigException(origin + " has a list or mapping as a key; a key is a name");
            }
            if (entries.put(key.getValue(), convert(entry.getValueNode(), depth + 1)) != null) {
                throw new ConfigException(origin + " gives the key " + key.getValue() + " a second time");
            }
        }
        return entries;
    }

    private static @Nullable String text(ScalarNode scalar) {
        boolean plain = scalar.getScalarStyle() == ScalarStyle.PLAIN;
        return plain && EMPTY.contains(scalar.getValue()) ? null : scalar.getValue();
    }

    private String origin(int line) {
        return showLines && line > 0 ? source + ", line " + line : source;
    }
}
