package dev.mynah.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mynah.files.Digests;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CorpusTest {

    private static final String SHA = "0".repeat(64);
    private static final ByteTokenizer TOKENIZER = new ByteTokenizer();

    @TempDir
    private Path folder;

    private TokenCorpus prepare(CorpusConfig config) throws IOException {
        return Corpus.prepare(config, TOKENIZER, SHA, folder.resolve("shards"), ProgressListener.NONE);
    }

    /** Documents of random words, long enough for several batches. */
    private List<String> writeCorpus(int count) throws IOException {
        SplittableRandom random = new SplittableRandom(7);
        List<String> texts = new ArrayList<>();
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < count; i++) {
            StringBuilder text = new StringBuilder("document " + i + ":");
            for (int word = random.nextInt(200); word >= 0; word--) {
                text.append(' ')
                        .append(Long.toString(random.nextLong(1 << 30), 36))
                        .append("雪");
            }
            texts.add(text.toString());
            lines.append(TestFiles.json(text.toString()));
        }
        TestFiles.write(folder, "corpus.jsonl.gz", TestFiles.gzip(lines.toString()));
        return texts;
    }

    private CorpusConfig config() {
        return CorpusConfig.of(List.of(folder.resolve("corpus.jsonl.gz").toString()));
    }

    @Test
    void everyDocumentComesBackInOrderInItsSplit() throws IOException {
        List<String> texts = writeCorpus(2000);
        List<String> found = new ArrayList<>();
        try (TokenCorpus corpus = prepare(config().withSplit(SplitFractions.CLASSIC))) {
            for (Split split : Split.values()) {
                TokenShards shards = corpus.split(split);
                List<String> documents = TestFiles.documents(shards, TOKENIZER);
                assertThat(documents).hasSize((int) shards.documentCount());
                assertThat(documents)
                        .isEqualTo(texts.stream()
                                .filter(new HashSet<>(documents)::contains)
                                .toList());
                assertThat(shards.textBytes())
                        .isEqualTo(documents.stream()
                                .mapToLong(text -> text.getBytes(StandardCharsets.UTF_8).length)
                                .sum());
                assertThat(shards.tokenCount()).isEqualTo(shards.textBytes() + shards.documentCount());
                found.addAll(documents);
            }
            assertThat(corpus.split(Split.TRAIN).documentCount()).isBetween(1100L, 1300L);
            assertThat(corpus.split(Split.TEST).documentCount()).isBetween(330L, 470L);
        }
        assertThat(found).containsExactlyInAnyOrderElementsOf(texts);
    }

    @Test
    void theTokenizerSeesTheSameTrainingTexts() throws IOException {
        writeCorpus(500);
        CorpusConfig config = config().withSplit(SplitFractions.CLASSIC);
        try (TokenCorpus corpus = prepare(config);
                Stream<String> texts = Corpus.texts(config)) {
            assertThat(texts.toList()).isEqualTo(TestFiles.documents(corpus.split(Split.TRAIN), TOKENIZER));
        }
    }

    @Test
    void theNumberOfThreadsChangesNothing() throws IOException {
        writeCorpus(3000);
        List<List<String>> shards = new ArrayList<>();
        for (int threads : new int[] {1, 2, 5}) {
            Path cache = folder.resolve("threads-" + threads);
            try (TokenCorpus corpus = new CorpusPacker(config(), TOKENIZER, SHA, threads, 1_000_000)
                    .prepare(cache, ProgressListener.NONE)) {
                List<String> files = new ArrayList<>();
                try (Stream<Path> all = Files.list(corpus.folder())) {
                    for (Path file : all.sorted().toList()) {
                        files.add(file.getFileName() + " " + Digests.ofFile(file));
                    }
                }
                shards.add(files);
            }
        }
        assertThat(shards.get(0)).hasSizeGreaterThan(4);
        assertThat(shards.get(1)).isEqualTo(shards.get(0));
        assertThat(shards.get(2)).isEqualTo(shards.get(0));
    }

    @Test
    void shardsAreMadeOnceAndAgainWhenSourceOrTokenizerChange() throws IOException {
        writeCorpus(20);
        Path first;
        try (TokenCorpus corpus = prepare(config())) {
            first = corpus.folder();
        }
        Object made = Files.getAttribute(first, "creationTime");
        try (TokenCorpus again = prepare(config())) {
            assertThat(again.folder()).isEqualTo(first);
            assertThat(Files.getAttribute(first, "creationTime")).isEqualTo(made);
        }
        try (TokenCorpus other =
                Corpus.prepare(config(), TOKENIZER, "1".repeat(64), folder.resolve("shards"), ProgressListener.NONE)) {
            assertThat(other.folder()).isNotEqualTo(first);
        }
        writeCorpus(21);
        try (TokenCorpus other = prepare(config())) {
            assertThat(other.folder()).isNotEqualTo(first);
            assertThat(other.manifest().sources().getFirst().documents()).isEqualTo(21);
        }
    }

    @Test
    void theManifestTellsWhereAllCameFromAndWhatWasDropped() throws IOException {
        String lines = TestFiles.json("one text") + "{broken\n" + TestFiles.json("ONE  text")
                + TestFiles.json("a\\u0000b") + TestFiles.json("   ") + TestFiles.json("another one");
        Path file = TestFiles.write(folder, "corpus.jsonl", lines);
        CorpusConfig defaults = CorpusConfig.of(List.of());
        CorpusConfig config = new CorpusConfig(
                List.of(new SourceSpec(file.toString(), "sample", "CC0")),
                "text",
                TextSplit.FILE,
                defaults.cleaning(),
                defaults.dedup(),
                new SplitFractions(1, 0, 0),
                1,
                false);
        try (TokenCorpus corpus = prepare(config)) {
            ShardManifest manifest = corpus.manifest();
            assertThat(TestFiles.documents(corpus.split(Split.TRAIN), TOKENIZER))
                    .containsExactly("one text", "ab", "another one");
            assertThat(manifest.sources())
                    .containsExactly(new ShardManifest.Source(
                            "sample", "CC0", file.toString(), Files.size(file), Digests.ofFile(file), 5));
            assertThat(manifest.duplicates()).isEqualTo(new ShardManifest.Duplicates(1, 0));
            assertThat(manifest.cleaning())
                    .containsExactly(
                            new StepCount("nfc", 0, 0),
                            new StepCount("remove_controls", 1, 0),
                            new StepCount("tidy_whitespace", 1, 0),
                            new StepCount("length", 0, 1));
            assertThat(manifest.skipped().count()).isEqualTo(1);
            assertThat(manifest.skipped().first().getFirst().record()).isEqualTo(2);
            corpus.verify();
        }
    }

    @Test
    void anEmptyCorpusSaysWhy() throws IOException {
        TestFiles.write(folder, "corpus.jsonl", "{\"body\": \"x\", \"title\": \"y\"}\n".repeat(3));
        CorpusConfig config =
                CorpusConfig.of(List.of(folder.resolve("corpus.jsonl").toString()));
        String sentence = "the corpus is empty: no document in " + folder.resolve("corpus.jsonl")
                + "; skipped 3, the first: " + folder.resolve("corpus.jsonl")
                + ":1: no field 'text'; the fields are: body, title";
        assertThatThrownBy(() -> prepare(config))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(sentence);
        try (Stream<String> texts = Corpus.texts(config)) {
            assertThatThrownBy(texts::toList).hasMessage(sentence);
        }
    }

    @Test
    void failureLeavesNothingBehindAndTouchesNothing() throws IOException {
        writeCorpus(50);
        Path kept = TestFiles.write(folder.resolve("shards"), "kept.txt", "mine");
        ByteTokenizer failing = new ByteTokenizer();
        ProgressListener fails = (bytesRead, bytesTotal, documents, tokens) -> {
            throw new UncheckedIOException(new IOException("disk full"));
        };
        assertThatThrownBy(() -> Corpus.prepare(config(), failing, SHA, folder.resolve("shards"), fails))
                .isInstanceOf(IOException.class)
                .hasMessage("disk full");
        try (Stream<Path> left = Files.list(folder.resolve("shards"))) {
            assertThat(left.filter(path -> !path.toString().endsWith(".lock"))).containsExactly(kept);
        }
    }

    @Test
    void strictReadingStopsAtTheFirstBrokenLine() throws IOException {
        Path file =
                TestFiles.write(folder, "corpus.jsonl", TestFiles.json("fine") + "[1]\n" + TestFiles.json("fine too"));
        CorpusConfig config = CorpusConfig.of(List.of(file.toString())).withStrict(true);
        assertThatThrownBy(() -> prepare(config))
                .isInstanceOf(CorruptRecordException.class)
                .hasMessage(file + ":2: not a JSON object");
        try (Stream<Path> left = Files.list(folder.resolve("shards"))) {
            assertThat(left).allMatch(path -> path.toString().endsWith(".lock"));
        }
    }
}
