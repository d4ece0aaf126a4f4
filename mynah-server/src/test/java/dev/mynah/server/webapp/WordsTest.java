package dev.mynah.server.webapp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The web app's words, in each language. */
class WordsTest {
    private static final Path APP = Path.of("src/main/resources/dev/mynah/server/web/app");
    private static final Pattern ENTRY = Pattern.compile("^  '([\\w.]+)': '(.+)',$", Pattern.MULTILINE);
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\w+}");

    private static Map<String, String> words(String language) throws IOException {
        return ENTRY.matcher(Files.readString(APP.resolve("i18n/" + language + ".js")))
                .results()
                .collect(Collectors.toMap(
                        entry -> entry.group(1),
                        entry -> entry.group(2),
                        (first, second) -> {
                            throw new AssertionError("a key stands twice: " + first);
                        },
                        TreeMap::new));
    }

    private static Set<String> found(Pattern pattern, String text) {
        return pattern.matcher(text).results().map(MatchResult::group).collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void everyKeyHasWordsInBothLanguages() throws IOException {
        Map<String, Set<String>> english = placeholders("en");
        assertThat(english).hasSizeGreaterThan(100);
        assertThat(placeholders("zh")).isEqualTo(english);
    }

    /** What is filled in, by key. */
    private static Map<String, Set<String>> placeholders(String language) throws IOException {
        Map<String, Set<String>> placeholders = new TreeMap<>();
        words(language).forEach((key, words) -> placeholders.put(key, found(PLACEHOLDER, words)));
        return placeholders;
    }

    /** A key in the code is a literal that begins as keys do; those put together from parts are left to the tests that show them. */
    @Test
    void everyKeyThatIsUsedHasWords() throws IOException {
        Set<String> keys = words("en").keySet();
        String groups = keys.stream().map(key -> key.split("\\.")[0]).distinct().collect(Collectors.joining("|"));
        Pattern used = Pattern.compile("(?<=')(?:" + groups + ")\\.\\w+(?:\\.\\w+)*(?=')");
        try (Stream<Path> files = Files.walk(APP)) {
            for (Path file :
                    files.filter(file -> file.toString().endsWith(".js")).toList()) {
                assertThat(keys).as(file.toString()).containsAll(found(used, Files.readString(file)));
            }
        }
    }
}
