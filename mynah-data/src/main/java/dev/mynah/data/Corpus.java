package dev.mynah.data;

import dev.mynah.data.CorpusPipeline.CleanDocument;
import dev.mynah.text.Tokenizer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** From files of text to what training reads: the texts that a tokenizer is trained on, and token shards. Both see the same documents in the same splits. */
public final class Corpus {

    private Corpus() {}

    /**
     * The cleaned texts of the training split, read as the stream is consumed. Close the stream.
     *
     * @throws IllegalArgumentException where a path does not exist or has no known format; from the stream also where the corpus is read strictly and a record is broken
     * @throws IOException where a file cannot be read; from the stream as {@link UncheckedIOException}
     */
    public static Stream<String> texts(CorpusConfig config) throws IOException {
        CorpusPipeline pipeline = new CorpusPipeline(config, threads());
        return StreamSupport.stream(Spliterators.spliteratorUnknownSize(pipeline, Spliterator.ORDERED), false)
                .filter(document -> document.split() == Split.TRAIN)
                .map(CleanDocument::text)
                .onClose(() -> close(pipeline));
    }

    /**
     * Cleans, de-duplicates, splits, tokenises and packs a corpus into a folder under {@code cacheFolder} that is named by a fingerprint of sources, options and tokenizer; where that
     * folder stands already it is opened as it is. Anything else in {@code cacheFolder} is left alone, whatever happens.
     *
     * @param tokenizer must name an end-of-document token ({@link Tokenizer#eosId})
     * @param tokenizerSha256 hash of the tokenizer's file: shards are made again when it changes
     * @throws IllegalArgumentException where a path does not exist or has no known format, no document is left, or the corpus is read strictly and a record is broken
     */
    public static TokenCorpus prepare(
            CorpusConfig config,
            Tokenizer tokenizer,
            String tokenizerSha256,
            Path cacheFolder,
            ProgressListener listener)
            throws IOException {
        return new CorpusPacker(config, tokenizer, tokenizerSha256, threads(), ShardWriter.TOKENS_PER_SHARD)
                .prepare(cacheFolder, listener);
    }

    private static int threads() {
        return Runtime.getRuntime().availableProcessors();
    }

    private static void close(CorpusPipeline pipeline) {
        try {
            pipeline.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
