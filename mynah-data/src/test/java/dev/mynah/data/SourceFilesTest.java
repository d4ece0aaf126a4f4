package dev.mynah.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SourceFilesTest {

    @TempDir
    private Path folder;

    @BeforeEach
    void files() throws IOException {
        for (String name : List.of(
                "b.txt",
                "a.jsonl.gz",
                "sub/d.parquet",
                "sub/deep/c.ndjson",
                "notes.md",
                ".hidden/e.txt",
                ".f.txt",
                "[g].txt")) {
            TestFiles.write(folder, name, "");
        }
    }

    private List<String> resolve(String... paths) throws IOException {
        List<SourceSpec> specs = Arrays.stream(paths)
                .map(path -> SourceSpec.of(folder + "/" + path))
                .toList();
        return SourceFiles.resolve(specs).stream()
                .map(file -> folder.relativize(file.path()).toString().replace('\\', '/'))
                .toList();
    }

    @Test
    void foldersGlobsAndFilesComeInAFixedOrderEachFileOnce() throws IOException {
        assertThat(resolve("")).containsExactly("[g].txt", "a.jsonl.gz", "b.txt", "sub/d.parquet", "sub/deep/c.ndjson");
        assertThat(resolve("sub", "b.txt", "."))
                .containsExactly("sub/d.parquet", "sub/deep/c.ndjson", "b.txt", "[g].txt", "a.jsonl.gz");
        assertThat(resolve("*.txt")).containsExactly("[g].txt", "b.txt");
        assertThat(resolve("sub/**/*.ndjson")).containsExactly("sub/deep/c.ndjson");
        assertThat(resolve("{a,b}*")).containsExactly("a.jsonl.gz", "b.txt");
        assertThat(resolve("[g].txt")).containsExactly("[g].txt");
    }

    @Test
    void aPathThatGivesNothingIsRefused() {
        assertThatThrownBy(() -> resolve("c.txt")).hasMessage("no such file or folder: " + folder + "/c.txt");
        assertThatThrownBy(() -> resolve("notes.md"))
                .hasMessageContaining("notes.md has no known format; known are .txt");
        assertThatThrownBy(() -> resolve("*.parquet")).hasMessageStartingWith("no files to read match the pattern");
        assertThatThrownBy(() -> resolve("missing/*.txt"))
                .hasMessageStartingWith("no such folder: " + folder + "/missing");
        assertThatThrownBy(() -> resolve(".hidden/../sub/none")).hasMessageStartingWith("no such file or folder");
        assertThatThrownBy(() -> SourceFiles.resolve(List.of())).hasMessage("no data paths are given");
    }
}
