package dev.mynah.data;

import dev.mynah.data.ShardManifest.Source;
import dev.mynah.files.Digests;
import dev.mynah.text.Tokenizer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** Tokenises a corpus and packs it into shards, once for each fingerprint of sources, options and tokenizer. */
final class CorpusPacker {

    private final CorpusConfig config;
    private final Tokenizer tokenizer;
    private final String tokenizerSha256;
    private final int threads;
    private final long tokensPerShard;

    CorpusPacker(CorpusConfig config, Tokenizer tokenizer, String tokenizerSha256, int threads, long tokensPerShard) {
        this.config = config;
        this.tokenizer = tokenizer;
        this.tokenizerSha256 = tokenizerSha256;
        this.threads = threads;
        this.tokensPerShard = tokensPerShard;
    }

    /** Opens the shards under {@code cacheFolder}, making them first where they are not there. */
    TokenCorpus prepare(Path cacheFolder, ProgressListener listener) throws IOException {
        String fingerprint = fingerprint();
        String name = fingerprint.substring(0, 16);
        Path folder = cacheFolder.resolve(name);
        Files.createDirectories(cacheFolder);
        // Of several processes that need the same shards, one makes them and the others wait for the lock, which ends
        // with the channel.
        try (FileChannel channel = FileChannel.open(
                cacheFolder.resolve(name + ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            channel.lock();
            if (!Files.isDirectory(folder)) {
                make(folder, fingerprint, listener);
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        return TokenCorpus.open(folder);
    }

    private void make(Path folder, String fingerprint, ProgressListener listener) throws IOException {
        int vocabSize = tokenizer.vocabSize();
        try (CorpusPipeline pipeline = new CorpusPipeline(config, threads);
                ShardWriter writer = new ShardWriter(folder, vocabSize, tokenizer.eosId(), tokensPerShard)) {
            pack(pipeline, writer, listener);
            List<Source> sources = sources(pipeline.reader());
            writer.commit(splits -> new ShardManifest(
                    ShardManifest.FORMAT_VERSION,
                    fingerprint,
                    ShardWriter.dtype(vocabSize),
                    tokenizerSha256,
                    vocabSize,
                    tokenizer.eosId(),
                    splits,
                    sources,
                    pipeline.cleaning(),
                    pipeline.duplicates(),
                    pipeline.reader().skipped()));
        }
    }

    /** A document on its way from a thread to the writer; nobody compares or keeps it. */
    @SuppressWarnings("ArrayRecordComponent")
    private record Encoded(Split split, int[] ids, long textBytes) {}

    private void pack(CorpusPipeline pipeline, ShardWriter writer, ProgressListener listener) throws IOException {
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
        listener.progress(reader.bytesRead(), reader.totalBytes(), writer.documents(), writer.tokens());
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
    private String fingerprint() throws IOException {
        List<Object> parts = new ArrayList<>();
        parts.add(ShardManifest.FORMAT_VERSION);
        parts.add(config);
        parts.add(List.of(tokenizerSha256, tokenizer.vocabSize(), tokenizer.eosId()));
        for (SourceFile file : SourceFiles.resolve(config.sources())) {
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
}
