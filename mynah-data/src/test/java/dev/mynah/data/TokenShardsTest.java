package dev.mynah.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mynah.data.ShardManifest.Duplicates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokenShardsTest {

    @TempDir
    private Path folder;

    /** 100 documents of 0 to 99 ids for training, in shards of 256 ids; the last id of the vocabulary ends a document. */
    private Path write(int vocabSize) throws IOException {
        Path target = folder.resolve("shards");
        try (ShardWriter writer = new ShardWriter(target, vocabSize, vocabSize - 1, 256)) {
            for (int i = 0; i < 100; i++) {
                int[] ids = new int[i];
                Arrays.setAll(ids, k -> vocabSize - 2 - k);
                writer.add(Split.TRAIN, ids, 2L * i);
            }
            writer.commit(splits -> manifest(vocabSize, splits));
        }
        return target;
    }

    private static ShardManifest manifest(int vocabSize, Map<String, ShardManifest.SplitPart> splits) {
        return new ShardManifest(
                ShardManifest.FORMAT_VERSION,
                "f",
                ShardWriter.dtype(vocabSize),
                "t",
                vocabSize,
                vocabSize - 1,
                splits,
                List.of(),
                List.of(),
                new Duplicates(0, 0),
                new Skipped(0, List.of()));
    }

    @ParameterizedTest
    @ValueSource(ints = {300, 65_536, 65_537, 200_000})
    void idsComeBackAcrossTheBordersOfShards(int vocabSize) throws IOException {
        int[] expected = new int[5050];
        for (int i = 0, at = 0; i < 100; i++) {
            for (int k = 0; k < i; k++) {
                expected[at++] = vocabSize - 2 - k;
            }
            expected[at++] = vocabSize - 1;
        }
        try (TokenCorpus corpus = TokenCorpus.open(write(vocabSize))) {
            corpus.verify();
            assertThat(corpus.manifest().dtype()).isEqualTo(vocabSize <= 65_536 ? "uint16" : "int32");
            TokenShards shards = corpus.split(Split.TRAIN);
            assertThat(shards.tokenCount()).isEqualTo(5050);
            assertThat(shards.documentCount()).isEqualTo(100);
            assertThat(shards.textBytes()).isEqualTo(9900);
            for (int length : new int[] {0, 1, 255, 256, 257, 1000, 5050}) {
                for (int position = 0; position + length <= 5050; position += 37) {
                    int[] target = new int[length + 2];
                    shards.read(position, target, 1, length);
                    assertThat(Arrays.copyOfRange(target, 1, length + 1))
                            .isEqualTo(Arrays.copyOfRange(expected, position, position + length));
                    assertThat(target[0] + target[length + 1]).isZero();
                }
            }
            assertThatThrownBy(() -> shards.read(5000, new int[100], 0, 51))
                    .isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> shards.read(-1, new int[100], 0, 1)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> shards.read(0, new int[1], 0, 2)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThat(corpus.split(Split.VALIDATION).tokenCount()).isZero();
        }
    }

    @Test
    void aChangedFileIsFoundOutByVerifying() throws IOException {
        Path shards = write(300);
        Path file = shards.resolve("train-00003.bin");
        byte[] bytes = Files.readAllBytes(file);
        bytes[1] ^= 1;
        Files.write(file, bytes);
        try (TokenCorpus corpus = TokenCorpus.open(shards)) {
            assertThatThrownBy(corpus::verify)
                    .isInstanceOf(ShardFormatException.class)
                    .hasMessageContaining("train-00003.bin");
        }
    }

    @Test
    void anIdOutsideTheVocabularyIsNamed() throws IOException {
        Path shards = write(300);
        Path file = shards.resolve("train-00001.bin");
        byte[] bytes = Files.readAllBytes(file);
        bytes[20] = (byte) 0xFF;
        bytes[21] = (byte) 0xFF;
        Files.write(file, bytes);
        try (TokenCorpus corpus = TokenCorpus.open(shards)) {
            assertThatThrownBy(() -> corpus.split(Split.TRAIN).read(0, new int[300], 0, 300))
                    .isInstanceOf(ShardFormatException.class)
                    .hasMessage(file + " holds id 65535 at token 10; the vocabulary has 300");
        }
    }

    @Test
    void missingAndTruncatedShardsAreNamed() throws IOException {
        Path shards = write(300);
        Path file = shards.resolve("train-00002.bin");
        Files.write(file, new byte[511]);
        assertThatThrownBy(() -> TokenCorpus.open(shards))
                .isInstanceOf(ShardFormatException.class)
                .hasMessage(file + " has 511 bytes; the manifest claims 256 tokens of 2 bytes");
        Files.delete(file);
        assertThatThrownBy(() -> TokenCorpus.open(shards)).hasMessage(file + " is missing");
        assertThatThrownBy(() -> TokenCorpus.open(folder)).hasMessageContaining("is no folder of token shards");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"tokens\" : 5050 | \"tokens\" : 9223372036854775807 | claims 9223372036854775807 tokens",
                "\"tokens\" : 256 | \"tokens\" : 9223372036854775807 | the manifest claims 9223372036854775807 tokens",
                "\"tokens\" : 256 | \"tokens\" : 4611686018427388160 | the manifest claims",
                "\"tokens\" : 256 | \"tokens\" : -256 | the manifest claims -256 tokens",
                "\"tokens\" : 256 | \"tokens\" : 99999999999999999999 | is no manifest",
                "\"documents\" : 100 | \"documents\" : -1 | claims -1 documents",
                "train-00001.bin | ../train-00001.bin | is no name of a shard",
                "\"vocab_size\" : 300 | \"vocab_size\" : 0 | vocabulary of 0",
                "\"vocab_size\" : 300 | \"vocab_size\" : 70000 | dtype uint16",
                "\"vocab_size\" : 300 | \"vocab\" : 300 | is no manifest",
                "\"format_version\" : 1 | \"format_version\" : 2 | format version 2",
                "\"dtype\" : \"uint16\" | \"dtype\" : null | is no manifest",
                "\"validation\" | \"validatoin\" | no split 'validation'",
                "{ | [ | is no manifest"
            })
    void aHostileManifestIsRefused(String text, String replacement, String message) throws IOException {
        Path shards = write(300);
        Path manifest = shards.resolve("manifest.json");
        String before = Files.readString(manifest);
        String after = before.replace(text, replacement);
        assertThat(after).isNotEqualTo(before);
        Files.writeString(manifest, after);
        assertThatThrownBy(() -> TokenCorpus.open(shards))
                .isInstanceOf(ShardFormatException.class)
                .hasMessageContaining(message)
                .hasMessageContaining(shards.toString());
    }

    @Test
    void withoutACommitNothingIsLeft() throws IOException {
        Path target = folder.resolve("shards");
        try (ShardWriter writer = new ShardWriter(target, 300, 299, 64)) {
            writer.add(Split.TRAIN, new int[100], 100);
            assertThatThrownBy(() -> writer.add(Split.TEST, new int[] {300}, 1))
                    .hasMessage("the tokenizer gave id 300, its vocabulary has 300");
        }
        assertThat(folder).isEmptyDirectory();
        // A writer that was killed leaves its temporary folder to the next one.
        TestFiles.write(folder, ".shards.tmp/train-00000.bin", "half");
        TokenCorpus.open(write(300)).close();
        assertThat(folder.resolve(".shards.tmp")).doesNotExist();
        assertThatThrownBy(() -> new ShardWriter(folder.resolve("other"), 300, -1, 64))
                .hasMessageContaining("no end-of-document token");
    }

    @Test
    void aFolderThatExistsIsNotTouched() throws IOException {
        Path shards = write(300);
        assertThatThrownBy(() -> new ShardWriter(shards, 300, 299, 64)).hasMessageContaining("exists");
        TokenCorpus.open(shards).close();
    }
}
