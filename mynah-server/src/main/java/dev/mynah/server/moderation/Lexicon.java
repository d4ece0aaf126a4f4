package dev.mynah.server.moderation;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * Words that point to a category: {@code hate: [word, several words, begin*]} in YAML, where {@code *} at the end stands for any letters that follow.
 *
 * @param words in the order of their file
 */
record Lexicon(List<Word> words) {
    /** The folder of an operator's own files, in the data folder. */
    static final String FOLDER = "lexicon";

    /** The longest word. */
    static final int MAX_LENGTH = 100;

    Lexicon {
        words = List.copyOf(words);
    }

    /** A word and what it points to. */
    record Word(Category category, String text) {
        Word {
            if (text.isBlank() || text.length() > MAX_LENGTH) {
                throw new IllegalArgumentException(
                        "a word must have 1 to " + MAX_LENGTH + " characters, unlike \"" + text + "\"");
            }
            if (text.codePoints().noneMatch(Character::isLetterOrDigit)) {
                throw new IllegalArgumentException("the word \"" + text + "\" has no letter and no digit");
            }
        }
    }

    /** The words that Mynah brings. */
    static Lexicon builtIn() {
        try (InputStream in = Objects.requireNonNull(Lexicon.class.getResourceAsStream("lexicon.yaml"))) {
            return read(new String(in.readAllBytes(), StandardCharsets.UTF_8), "lexicon.yaml");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The words of all {@code .yaml} files in a folder; none where there is no folder.
     *
     * @throws IllegalArgumentException if a file is no lexicon
     */
    static Lexicon in(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return new Lexicon(List.of());
        }
        List<Word> words = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(path -> path.toString().endsWith(".yaml"))
                    .sorted()
                    .toList()) {
                words.addAll(read(Files.readString(file), file.toString()).words);
            }
        }
        return new Lexicon(words);
    }

    static Lexicon read(String yaml, String source) {
        Object root;
        try {
            root = new Yaml(new SafeConstructor(new LoaderOptions())).load(yaml);
        } catch (YAMLException e) {
            throw new IllegalArgumentException(source + " is no YAML: " + e.getMessage(), e);
        }
        if (!(root instanceof Map<?, ?> categories)) {
            throw new IllegalArgumentException(source + " must be a map of categories to lists of words");
        }
        List<Word> words = new ArrayList<>();
        for (Map.Entry<?, ?> entry : categories.entrySet()) {
            if (!(entry.getValue() instanceof List<?> list)) {
                throw new IllegalArgumentException(source + ": \"" + entry.getKey() + "\" must be a list of words");
            }
            try {
                Category category = Category.of(String.valueOf(entry.getKey()));
                list.forEach(word -> words.add(new Word(category, String.valueOf(word))));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(source + ": " + e.getMessage(), e);
            }
        }
        return new Lexicon(words);
    }
}
