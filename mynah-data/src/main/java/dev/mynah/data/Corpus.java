package dev.mynah.data;

import dev.mynah.data.CorpusPipeline.CleanDocument;
import dev.mynah.data.ShardManifest.Source;
import dev.mynah.text.Tokenizer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
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
        Iterator<CleanDocument> checked = new Iterator<>() {
            private boolean any;

            @Override
            public boolean hasNext() {
                if (!any && !pipeline.hasNext()) {
                    throw emptyCorpus(pipeline);
                }
                any = true;
                return pipeline.hasNext();
            }

            @Override
            public CleanDocument next() {
                return pipeline.next();
            }
        };
        return StreamSupport.stream(Spliterators.spliteratorUnknownSize(checked, Spliterator.ORDERED), false)
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
        return prepare(
                config, tokenizer, tokenizerSha256, cacheFolder, listener, threads(), ShardWriter.TOKENS_PER_SHARD);
    }

    static TokenCorpus prepare(
            CorpusConfig config,
            Tokenizer tokenizer,
            String tokenizerSha256,
            Path cacheFolder,
            ProgressListener listener,
            int threads,
            long tokensPerShard)
            throws IOException {
        String fingerprint = fingerprint(config, tokenizer, tokenizerSha256);
        Path folder = cacheFolder.resolve(fingerprint.substring(0, 16));
        if (Files.isDirectory(folder)) {
            return TokenCorpus.open(folder);
        }
        try (CorpusPipeline pipeline = new CorpusPipeline(config, threads);
                ShardWriter writer =
                        new ShardWriter(folder, tokenizer.vocabSize(), tokenizer.eosId(), tokensPerShard)) {
            pack(pipeline, tokenizer, writer, listener);
            List<Source> sources = sources(pipeline.reader());
            writer.commit(splits -> new ShardManifest(
                    ShardManifest.FORMAT_VERSION,
                    fingerprint,
                    ShardWriter.dtype(tokenizer.vocabSize()),
                    tokenizerSha256,
                    tokenizer.vocabSize(),
                    tokenizer.eosId(),
                    splits,
                    sources,
                    pipeline.cleaning(),
                    pipeline.duplicates(),
                    pipeline.reader().skipped()));
        } catch (UncheckedIOException e) {
            throw e.getCause();
        } catch (FileSystemException e) {
            // Another process may have made the same shards in the meantime.
            if (!Files.isDirectory(folder)) {
                throw e;
            }
        }
        return TokenCorpus.open(folder);
    }

    /** A document on its way from a thread to the writer; nobody compares or keeps it. */
    @SuppressWarnings("ArrayRecordComponent")
    private record Encoded(Split split, int[] ids, long textBytes) {}

    private static void pack(
            CorpusPipeline pipeline, Tokenizer tokenizer, ShardWriter writer, ProgressListener listener)
            throws IOException {
        Iterator<Encoded> documents = pipeline.inParallel(
                pipeline,
                document -> new Encoded(
                        document.split(), tokenizer.encode(document.text()), Unicode.utf8Length(document.text())),
                document -> document.text().length());
        CorpusReader reader = pipeline.reader();
        while (documents.hasNext()) {
            Encoded document = documents.next();
            writer.add(document.split(), document.ids(), document.textBytes());
            if (writer.documents() % 256 == 0) {
                listener.progress(reader.bytesRead(), reader.totalBytes(), writer.documents(), writer.tokens());
            }
        }
        if (writer.documents() == 0) {
            throw emptyCorpus(pipeline);
        }
        listener.progress(reader.bytesRead(), reader.totalBytes(), writer.documents(), writer.tokens());
    }

    private static IllegalArgumentException emptyCorpus(CorpusPipeline pipeline) {
        List<SourceFile> files = pipeline.reader().files();
        StringBuilder message = new StringBuilder("the corpus is empty: no document in ")
                .append(files.getFirst().path());
        if (files.size() > 1) {
            message.append(" and ").append(files.size() - 1).append(" more files");
        }
        Skipped skipped = pipeline.reader().skipped();
        if (skipped.count() > 0) {
            message.append("; skipped ")
                    .append(skipped.count())
                    .append(", the first: ")
                    .append(skipped.first().getFirst());
        }
        for (StepCount step : pipeline.cleaning()) {
            if (step.dropped() > 0) {
                message.append("; dropped by ").append(step.step()).append(": ").append(step.dropped());
            }
        }
        return new IllegalArgumentException(message.toString());
    }

    private static List<Source> sources(CorpusReader reader) throws IOException {
        List<Source> sources = new ArrayList<>();
        for (int i = 0; i < reader.files().size(); i++) {
            SourceFile file = reader.files().get(i);
            sources.add(new Source(
                    file.spec().name(),
                    file.spec().licence(),
                    file.path().toString(),
                    Files.size(file.path()),
                    Digests.ofFile(file.path()),
                    reader.documentsOf(i)));
        }
        return sources;
    }

    /** A hash over all that the shards depend on. Source files count by path, size and time of change, so that it is quick. */
    private static String fingerprint(CorpusConfig config, Tokenizer tokenizer, String tokenizerSha256)
            throws IOException {
        List<Object> parts = new ArrayList<>();
        parts.add(ShardManifest.FORMAT_VERSION);
        parts.add(config);
        parts.add(List.of(tokenizerSha256, tokenizer.vocabSize(), tokenizer.eosId()));
        for (SourceFile file : Sources.resolve(config.sources())) {
            Path path = file.path();
            parts.add(List.of(
                    path.toAbsolutePath().normalize().toString(),
                    Files.size(path),
                    Files.getLastModifiedTime(path).toString()));
        }
        MessageDigest digest = Digests.sha256();
        digest.update(ManifestFile.canonical(parts).getBytes(StandardCharsets.UTF_8));
        return Digests.hex(digest);
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
