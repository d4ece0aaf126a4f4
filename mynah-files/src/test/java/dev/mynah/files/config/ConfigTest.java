package dev.mynah.files.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ConfigTest {
    @TempDir
    Path folder;

    enum Colour {
        RED,
        DARK_BLUE
    }

    sealed interface Shape {
        record Circle(double radius) implements Shape {}

        @Doc("as a square")
        record Square(
                @Range(above = 0) int side, @Default("red") Colour colour) implements Shape {}
    }

    record Inner(@Default("5") int count, @Nullable String note) {
        Inner {
            if (count == 13) {
                throw new IllegalArgumentException("count is 13, which brings bad luck");
            }
        }
    }

    record Sample(
            @Default("1") long bigNumber,
            @Default("0.5") @Range(min = 0, below = 1) double share,
            @Default("false") boolean flag,
            @Default("dark_blue") Colour colour,
            @Default("[a, 'b c']") List<String> words,
            @Default("[]") @Range(min = 1) List<Integer> numbers,
            @Nullable Path path,
            Inner inner,
            @Default("{side: 2}") Shape shape) {}

    private Sample read(String yaml, String... overrides) throws IOException {
        Path file = folder.resolve("run.yaml");
        Files.writeString(file, yaml);
        return Config.read(Sample.class, file, List.of(overrides));
    }

    private void refused(String yaml, String sentence) {
        assertThatThrownBy(() -> read(yaml))
                .isInstanceOf(ConfigException.class)
                .hasMessage(sentence.replace("FILE", folder.resolve("run.yaml").toString()));
    }

    @Test
    void whatIsLeftOutTakesItsDefault() throws IOException {
        assertThat(read("{}"))
                .isEqualTo(new Sample(
                        1,
                        0.5,
                        false,
                        Colour.DARK_BLUE,
                        List.of("a", "b c"),
                        List.of(),
                        null,
                        new Inner(5, null),
                        new Shape.Square(2, Colour.RED)));
    }

    @Test
    void everyKindOfValueIsRead() throws IOException {
        Sample sample = read("""
                big_number: 9_000_000_000
                share: 1e-3
                flag: true
                colour: red
                words: [no, 1.5, "null"]
                numbers:
                  - 3
                  - 4
                path: a/b.txt
                inner: {count: 7, note: yes}
                shape: {radius: 1.0e-3}
                """);
        assertThat(sample)
                .isEqualTo(new Sample(
                        9_000_000_000L,
                        0.001,
                        true,
                        Colour.RED,
                        List.of("no", "1.5", "null"),
                        List.of(3, 4),
                        Path.of("a/b.txt"),
                        new Inner(7, "yes"),
                        new Shape.Circle(0.001)));
    }

    @ParameterizedTest
    @CsvSource({"1e-3,0.001", "1.0e-3,0.001", ".5,0.5", "0,0", "1E-8,1e-8", "5.e-1,0.5"})
    void numbersAreReadInEveryUsualForm(String text, double number) throws IOException {
        assertThat(read("share: " + text).share()).isEqualTo(number);
    }

    @Test
    void unknownKeysAreRefusedWithASuggestion() {
        refused(
                "inner:\n  cuont: 3\n",
                "FILE, line 2: inner.cuont is not a known key; did you mean count? Allowed: count, note");
        refused(
                "zzz: 1",
                "FILE, line 1: zzz is not a known key; Allowed: big_number, share, flag, colour, words, numbers, path,"
                        + " inner, shape");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            big_number: ten      | big_number is "ten"; it takes a whole number
            big_number: 1.5      | big_number is "1.5"; it takes a whole number
            big_number: 1e6      | big_number is "1e6"; it takes a whole number
            big_number: 99999999999999999999 | big_number is "99999999999999999999"; it takes a whole number
            share: 1             | share is "1"; it takes a number, at least 0, below 1
            share: .nan          | share is ".nan"; it takes a number, at least 0, below 1
            share: 1e999         | share is "1e999"; it takes a number, at least 0, below 1
            share: 0.000_1       | share is "0.000_1"; it takes a number, at least 0, below 1
            flag: yes            | flag is "yes"; it takes true or false
            colour: green        | colour is "green"; it takes one of red, dark_blue
            words: a             | words is "a"; it takes a list of texts
            numbers: [1, 0]      | numbers[1] is "0"; it takes a list of values, each a whole number, at least 1
            numbers: [1, ~]      | numbers[1] is empty; it takes a list of values, each a whole number, at least 1
            inner: 5             | inner is "5"; it takes a mapping of keys to values
            path: [a]            | path is a list; it takes a path
            inner: {count: 13}   | inner: count is 13, which brings bad luck
            shape: {}            | shape needs exactly one of the keys radius, side; found none of them
            shape: {radius: 1, side: 2} | shape needs exactly one of the keys radius, side; found radius and side
            shape: {radius: 1, colour: red} | shape.colour is not a known key; Allowed: radius
            shape: {side: 0}     | shape.side is "0"; it takes a whole number, above 0
            """)
    void badValuesAreRefusedWithWhatIsAllowed(String yaml, String sentence) {
        refused(yaml, "FILE, line 1: " + sentence);
    }

    @Test
    void aMissingKeyWithoutADefaultIsNamed() {
        refused("shape: {radius: }", "FILE, line 1: shape.radius is missing; it takes a number");
    }

    @Test
    void overridesReplaceWhatTheFileSays() throws IOException {
        Sample sample = read(
                "inner: {count: 1, note: x}",
                "inner.count=2",
                "share=1e-2",
                "words=[p, q]",
                "shape={radius: 3}",
                "path=a: b # c",
                "inner.note=~");
        assertThat(sample.inner()).isEqualTo(new Inner(2, null));
        assertThat(sample.share()).isEqualTo(0.01);
        assertThat(sample.words()).containsExactly("p", "q");
        assertThat(sample.shape()).isEqualTo(new Shape.Circle(3));
        assertThat(sample.path()).isEqualTo(Path.of("a: b # c"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            inner.count=x   | --set inner.count=x: inner.count is "x"; it takes a whole number
            inner.cont=1    | --set inner.cont=1: inner.cont is not a known key; did you mean count? Allowed: count, note
            share           | --set share is not of the form key=value, such as train.steps=100
            .a=1            | --set .a=1 is not of the form key=value, such as train.steps=100
            words=[a        | --set words=[a is not valid YAML: expected ',' or ']', but got <stream end>
            flag.x=1        | --set flag.x=1: flag is a mapping; it takes true or false
            """)
    void badOverridesAreRefused(String override, String sentence) {
        assertThatThrownBy(() -> read("flag: true", override))
                .isInstanceOf(ConfigException.class)
                .hasMessage(sentence);
    }

    @Test
    void hostileFilesAreRefused() throws IOException {
        refused("a: 1\na: 2", "FILE, line 2 gives the key a a second time");
        refused(
                "share: !!javax.script.ScriptEngineManager [x]",
                "FILE, line 1 is not valid YAML: Global tag is not allowed: "
                        + "tag:yaml.org,2002:javax.script.ScriptEngineManager");
        refused("share: !mine 3", "FILE, line 1 has the tag !mine; a config has no tags");
        refused("- a", "FILE holds a list; a config is a mapping of keys to values");
        refused("", "FILE holds empty; a config is a mapping of keys to values");
        refused("a: 1\n b: 2", "FILE, line 2 is not valid YAML: mapping values are not allowed here");
        assertThatThrownBy(() -> read("words: " + "[".repeat(10_000))).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> read("&a x: &b [*b]\nwords: *b")).isInstanceOf(ConfigException.class);
        StringBuilder bomb = new StringBuilder("a0: &a0 [x, x]\n");
        for (int i = 1; i < 40; i++) {
            bomb.append("a%d: &a%d [*a%d, *a%d]\n".formatted(i, i, i - 1, i - 1));
        }
        assertThatThrownBy(() -> read(bomb.toString())).isInstanceOf(ConfigException.class);
        Path file = folder.resolve("latin.yaml");
        Files.write(file, "path: \u00e9".getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> Config.read(Sample.class, file, List.of())).hasMessage(file + " is not UTF-8 text");
        Path missing = folder.resolve("missing.yaml");
        assertThatThrownBy(() -> Config.read(Sample.class, missing, List.of()))
                .hasMessage("The config file " + missing + " does not exist or is not a file");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "null",
                "~",
                "true",
                "1e3",
                "a: b",
                "# x",
                "'\"",
                "line\nline",
                "\u6625\ud83d\udc26",
                "\u0007",
                "- x",
                "{",
                "1_000"
            })
    void whatIsWrittenReadsBackEqual(String text) throws IOException {
        Sample sample = new Sample(
                Long.MIN_VALUE,
                1e-8,
                true,
                Colour.RED,
                List.of(text, "x"),
                List.of(1),
                Path.of("x y"),
                new Inner(1, text),
                new Shape.Square(3, Colour.DARK_BLUE));
        assertThat(read(Config.toYaml(sample))).isEqualTo(sample);
    }

    @Test
    void theReferenceNamesEveryKey() {
        assertThat(ConfigReference.entries(Sample.class))
                .extracting(ConfigReference.Entry::path)
                .containsExactly(
                        "big_number",
                        "share",
                        "flag",
                        "colour",
                        "words",
                        "numbers",
                        "path",
                        "inner",
                        "inner.count",
                        "inner.note",
                        "shape",
                        "shape.radius",
                        "shape.side",
                        "shape.colour");
        assertThat(ConfigReference.text(Sample.class))
                .contains("share  (a number, at least 0, below 1; default 0.5)\n")
                .contains("\nshape, by radius:\nshape.radius ")
                .contains("\nshape, as a square:\nshape.side  (a whole number, above 0; one way)\n")
                .contains("shape.colour  (one of red, dark_blue; default red, beside side)\n")
                .contains("shape  (a mapping with exactly one of radius, side; default {side: 2})\n");
    }

    @Test
    void editDistanceCountsInsertionsDeletionsAndChanges() {
        assertThat(EditDistance.between("kitten", "sitting")).isEqualTo(3);
        assertThat(EditDistance.between("", "abc")).isEqualTo(3);
        assertThat(EditDistance.nearest("learning-rate", List.of("steps", "learning_rate")))
                .isEqualTo("learning_rate");
        assertThat(EditDistance.nearest("banana", List.of("steps", "learning_rate")))
                .isNull();
    }
}
