package dev.mynah.data;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.mynah.files.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Any bytes are read, or refused in one sentence. See docs/development.md for how to fuzz. */
class DataFilesFuzzTest {

    @FuzzTest
    void shardManifest(byte[] bytes) throws IOException {
        Path folder = Files.createTempDirectory("shards");
        try {
            Files.write(folder.resolve(ManifestFile.NAME), bytes);
            Files.write(folder.resolve("train-00000.bin"), new byte[12]);
            TokenCorpus.open(folder).close();
        } catch (ShardFormatException e) {
            // Refused.
        } finally {
            DurableFiles.deleteTree(folder);
        }
    }

    @FuzzTest
    void parquet(byte[] bytes) throws IOException {
        Path file = Files.createTempFile("texts", ".parquet");
        try {
            Files.write(file, bytes);
            TestFiles.all(new ParquetFileReader(file, "text", new SkipLog(false)));
        } finally {
            Files.delete(file);
        }
    }
}
