package dev.mynah.train.pretrain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mynah.data.Corpus;
import dev.mynah.data.CorpusConfig;
import dev.mynah.data.DedupOptions;
import dev.mynah.data.ProgressListener;
import dev.mynah.data.Split;
import dev.mynah.data.SplitFractions;
import dev.mynah.data.TextSplit;
import dev.mynah.data.TokenCorpus;
import dev.mynah.tensor.Scope;
import dev.mynah.text.BpeTokenizer;
import dev.mynah.text.BpeTrainer;
import dev.mynah.text.TokenizerConfig;
import dev.mynah.train.loop.Batch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("NullAway.Init")
class BatchesTest {

    private static final String END = "<|end|>";
    private static final int CONTEXT = 8;

    @TempDir
    private Path folder;

    private TokenCorpus corpus;
    private int end;

    @BeforeEach
    void pack() throws IOException {
        Path text = folder.resolve("text.txt");
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            lines.add("document " + i);
        }
        Files.write(text, lines);
        // Bytes alone: a token a letter.
        BpeTokenizer tokenizer = new BpeTrainer(257, List.of(END))
                .train(List.of("x"))
                .withConfig(new TokenizerConfig(END, END, 0, null));
        end = tokenizer.eosId();
        CorpusConfig config = CorpusConfig.of(List.of(text.toString()))
                .withTextSplit(TextSplit.LINE)
                .withDedup(new DedupOptions(DedupOptions.Mode.NONE, 1))
                .withSplit(new SplitFractions(1, 0, 0));
        corpus = Corpus.prepare(config, tokenizer, "0".repeat(64), folder.resolve("shards"), ProgressListener.NONE);
    }

    @AfterEach
    void close() {
        corpus.close();
    }

    private Batches batches(long seed) {
        return new Batches(corpus.split(Split.TRAIN), CONTEXT, end, seed);
    }

    @Test
    void targetsAreTheNextTokensAndDocumentsBeginWithTheirEnd() {
        int[] tokens = new int[(int) corpus.split(Split.TRAIN).tokenCount()];
        corpus.split(Split.TRAIN).read(0, tokens, 0, tokens.length);
        try (Scope scope = Scope.open()) {
            Batch batch = batches(1).inOrder(1, 2);
            long[] ids = batch.ids().toLongs();
            long[] targets = batch.targets().toLongs();
            long[] documents = batch.documents().toLongs();
            long[] positions = batch.positions().toLongs();
            assertThat(batch.boundaries()).isTrue();
            for (int i = 0; i < ids.length; i++) {
                boolean first = i % CONTEXT == 0;
                assertThat(ids[i]).isEqualTo(tokens[CONTEXT + i]);
                assertThat(targets[i]).isEqualTo(tokens[CONTEXT + i + 1]);
                assertThat(documents[i] - (first ? 0 : documents[i - 1])).isEqualTo(!first && ids[i] == end ? 1 : 0);
                assertThat(positions[i]).isEqualTo(first || ids[i] == end ? 0 : positions[i - 1] + 1);
            }
        }
    }

    @Test
    void anEpochHasEveryRowOnceAndTheNextAnotherOrder() {
        try (Scope scope = Scope.open()) {
            Batches batches = batches(1);
            int rows = batches.rows();
            assertThat(rows).isGreaterThan(50);
            List<List<Long>> first = rowsOf(batches.shuffled(0, rows));
            List<List<Long>> second = rowsOf(batches.shuffled(rows, rows));
            assertThat(new HashSet<>(first)).isEqualTo(new HashSet<>(rowsOf(batches.inOrder(0, rows))));
            assertThat(second).isNotEqualTo(first).containsExactlyInAnyOrderElementsOf(first);
            // The same from anywhere, with the same seed only.
            assertThat(rowsOf(batches(1).shuffled(rows - 1, 2))).containsExactly(first.getLast(), second.getFirst());
            assertThat(rowsOf(batches(2).shuffled(0, rows))).isNotEqualTo(first);
        }
    }

    private static List<List<Long>> rowsOf(Batch batch) {
        List<List<Long>> rows = new ArrayList<>();
        long[] ids = batch.ids().toLongs();
        for (int from = 0; from < ids.length; from += CONTEXT) {
            List<Long> row = new ArrayList<>();
            for (int i = from; i < from + CONTEXT; i++) {
                row.add(ids[i]);
            }
            rows.add(row);
        }
        return rows;
    }

    @Test
    void lessThanOneRowIsRefused() {
        assertThatThrownBy(() -> new Batches(corpus.split(Split.TRAIN), 100_000, end, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("fewer than one sequence of 100000");
    }
}
