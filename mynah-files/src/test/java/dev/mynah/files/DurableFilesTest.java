package dev.mynah.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DurableFilesTest {

    @TempDir
    private Path folder;

    @Test
    void aFailureLeavesTheOldFileAndNothingElse() throws IOException {
        Path file = folder.resolve("file");
        DurableFiles.write(file, "old");
        assertThatThrownBy(() -> DurableFiles.write(file, channel -> {
                    DurableFiles.writeFully(channel, ByteBuffer.wrap(new byte[1000]));
                    throw new IOException("No space left on device");
                }))
                .isInstanceOf(IOException.class);
        assertThat(file).hasContent("old");
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(file);
        }
        DurableFiles.write(file, "新");
        assertThat(file).hasContent("新");
    }

    @Test
    void deletesTreesButDoesNotFollowLinks() throws IOException {
        Path kept = Files.writeString(folder.resolve("kept"), "x");
        Path tree = folder.resolve("tree");
        Files.createDirectories(tree.resolve("a/b"));
        Files.createSymbolicLink(tree.resolve("link"), kept);
        DurableFiles.deleteTree(tree);
        DurableFiles.deleteTree(tree);
        assertThat(tree).doesNotExist();
        assertThat(kept).exists();
    }
}
