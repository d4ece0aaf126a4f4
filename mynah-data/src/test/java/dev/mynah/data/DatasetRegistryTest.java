package dev.mynah.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mynah.files.Digests;
import java.io.IOException;
import java.nio.file.Path;
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
            assertThat(dataset.textField() == null || dataset.format().equals("jsonl.gz"))
                    .isTrue();
        }
        assertThatThrownBy(() -> registry.get("tinyshakespear"))
                .hasMessageStartingWith("no data set 'tinyshakespear' in ")
                .hasMessageContaining("there are: chinese-poems, ");
    }

    @Test
    void filesAreHeldAgainstSizeAndHash() throws IOException {
        String sha256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        Dataset dataset = registry("""
                        set:
                          description: three letters
                          licence: CC0
                          format: txt
                          sources: [https://example.org]
                          files: [{name: a.txt, bytes: 3, sha256: %s}]
                          note: none
                        """.formatted(sha256)).get("set");
        assertThatThrownBy(() -> dataset.locate(folder)).hasMessageContaining("'set' is not there: no file");
        Path file = TestFiles.write(folder, "set/a.txt", "abcd");
        assertThatThrownBy(() -> dataset.locate(folder)).hasMessage(file + " has 4 bytes, the registry says 3");
        TestFiles.write(folder, "set/a.txt", "abd");
        assertThatThrownBy(() -> dataset.locate(folder)).hasMessageContaining("is not the registered file");
        TestFiles.write(folder, "set/a.txt", "abc");
        assertThat(dataset.locate(folder)).containsExactly(file);
        assertThat(dataset.sourcesIn(folder)).containsExactly(new SourceSpec(file.toString(), "set", "CC0"));
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
