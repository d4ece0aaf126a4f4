package dev.mynah.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mynah.files.Digests;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatasetRegistryTest {

    /** Tests run in the module's folder. */
    private static final Path RECIPES = Path.of("../recipes");

    @TempDir
    private Path folder;

    private DatasetRegistry registry(String text) throws IOException {
        return DatasetRegistry.read(TestFiles.write(folder, "datasets.yaml", text));
    }

    @Test
    void theShippedRegistryIsWhole() throws IOException {
        DatasetRegistry registry = DatasetRegistry.read(RECIPES.resolve("datasets.yaml"));
        assertThat(registry.names()).hasSizeGreaterThan(15).contains("chinese-poems", "tinyshakespeare");
        for (String name : registry.names()) {
            Dataset dataset = registry.get(name);
            assertThat(dataset.licence()).isNotBlank();
            assertThat(dataset.sources())
                    .isNotEmpty()
                    .allMatch(source -> source.matches("https://github.com/.+/tree/[0-9a-f]+"));
            assertThat(dataset.files())
                    .isNotEmpty()
                    .allMatch(file -> file.sha256().matches("[0-9a-f]{64}"));
            assertThat(dataset.files())
                    .map(file -> file.fetchable().url())
                    .allMatch(url -> url == null
                            || url.matches("https://raw\\.githubusercontent\\.com/[^/]+/[^/]+/[0-9a-f]{40}/.+"));
            assertThat(dataset.textField() == null || dataset.format().equals("jsonl.gz"))
                    .isTrue();
        }
        assertThatThrownBy(() -> registry.get("tinyshakespear"))
                .hasMessageStartingWith("no data set 'tinyshakespear' in ")
                .hasMessageContaining("there are: chinese-poems, ");
    }

    private static final String ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    /** A data set of one file {@code a.txt}, which holds {@code abc}, with more said of it. */
    private Dataset ofAbc(String more) throws IOException {
        return registry("""
                        set:
                          description: three letters
                          licence: CC0
                          format: txt
                          sources: [https://example.org/1, https://example.org/2, https://example.org/3, https://example.org/4]
                          files: [{name: a.txt, bytes: 3, sha256: %s%s}]
                          note: none
                        """.formatted(ABC, more)).get("set");
    }

    @Test
    void filesThatCanBeFetchedAreHeldAgainstSizeAndHash() throws IOException {
        Dataset dataset = ofAbc(", url: https://example.org/a.txt");
        assertThat(dataset.isFetchable()).isTrue();
        assertThatThrownBy(() -> located(dataset))
                .hasMessage("data set 'set' is not there: no file " + folder.resolve("set/a.txt")
                        + "; mynah pull set fetches it");
        Path file = TestFiles.write(folder, "set/a.txt", "abcd");
        assertThatThrownBy(() -> located(dataset))
                .hasMessage(file + " is not the registered file: it has 4 bytes, not 3");
        TestFiles.write(folder, "set/a.txt", "abd");
        assertThatThrownBy(() -> located(dataset)).hasMessageContaining("is not the registered file: its sha256 is ");
        TestFiles.write(folder, "set/a.txt", "abc");
        assertThat(located(dataset)).containsExactly(file);
        assertThat(notices).isEmpty();
        assertThat(dataset.sourcesIn(folder, notices::add))
                .containsExactly(new SourceSpec(file.toString(), "set", "CC0"));
    }

    @Test
    void filesThatWereMadeMayBeMadeAnew() throws IOException {
        Dataset dataset = ofAbc("");
        assertThat(dataset.isFetchable()).isFalse();
        assertThatThrownBy(() -> located(dataset))
                .hasMessageEndingWith(
                        "set/a.txt; it is made from https://example.org/1, https://example.org/2, https://example.org/3 and 1 more, as docs/datasets.md tells");
        Path file = TestFiles.write(folder, "set/a.txt", "abcd");
        assertThat(located(dataset)).containsExactly(file);
        assertThat(notices)
                .containsExactly(file + " is not the registered file: it has 4 bytes, not 3; it is used as it is");
    }

    @Test
    void theOriginalStandsInForWhatWasMadeOfIt() throws IOException {
        Dataset dataset = ofAbc(", original: {name: o.txt, bytes: 3, sha256: " + ABC + ", url: https://example.org/o}");
        assertThat(dataset.files().getFirst().fetchable().name()).isEqualTo("o.txt");
        assertThatThrownBy(() -> located(dataset)).hasMessageEndingWith("set/o.txt; mynah pull set fetches it");
        Path original = TestFiles.write(folder, "set/o.txt", "abc");
        assertThat(located(dataset)).containsExactly(original);
        Path made = TestFiles.write(folder, "set/a.txt", "abc");
        assertThat(located(dataset)).containsExactly(made);
        assertThat(notices).isEmpty();
    }

    private final List<String> notices = new ArrayList<>();

    private List<Path> located(Dataset dataset) throws IOException {
        return dataset.locate(folder, notices::add);
    }

    @Test
    void badRegistriesAreRefusedByTheKey() {
        String head = "set: {description: d, licence: l, format: f, note: n, sources: [], ";
        assertThatThrownBy(() -> registry("[1]"))
                .hasMessageEndingWith("datasets.yaml must be a set of keys and values");
        assertThatThrownBy(() -> registry("a: [")).hasMessageContaining("datasets.yaml is not YAML: ");
        assertThatThrownBy(() -> registry("set: {license: MIT}"))
                .hasMessageContaining("set has the unknown key 'license'");
        assertThatThrownBy(() -> registry(head + "}")).hasMessageEndingWith("set has no 'files'");
        assertThatThrownBy(() -> registry(head + "files: [{name: ../x, bytes: 1, sha256: a}]}"))
                .hasMessageEndingWith("set: files[0]: name '../x' is no plain file name");
        assertThatThrownBy(() -> registry(head + "files: [{name: x, bytes: -1, sha256: a}]}"))
                .hasMessageEndingWith("set: files[0]: bytes must be a whole number of at least 0");
        assertThatThrownBy(() -> registry("../set: {}")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theShippedCorporaAreWholeAndReadable() throws IOException {
        assertThat(Digests.ofFile(RECIPES.resolve("corpora/tiny-shakespeare.jsonl.gz")))
                .isEqualTo("f83ac8a8b9152c81bda77d2686915560f57c39e7500a3a671971f5553869d47a");
        assertThat(Digests.ofFile(RECIPES.resolve("corpora/tang-poems.jsonl.gz")))
                .isEqualTo("5da59e0da5dbd333a639b37b39d09ddcc155cd615ea15ca43b9cb0067043e37c");
        SkipLog strict = new SkipLog(true);
        assertThat(TestFiles.all(new JsonlReader(RECIPES.resolve("corpora/tiny-shakespeare.jsonl.gz"), "text", strict)))
                .hasSize(498);
        assertThat(TestFiles.all(new JsonlReader(RECIPES.resolve("corpora/tang-poems.jsonl.gz"), "text", strict)))
                .hasSize(28_895);
    }
}
