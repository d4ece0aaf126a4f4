package dev.mynah.data;

import dev.mynah.data.ShardManifest.SplitPart;
import dev.mynah.files.DurableFiles;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Packs tokenised documents into a folder of token shards: the ids of each document, then the end-of-document id. Writes to a temporary folder beside the target, which
 * {@link #commit} renames whole: closed without a commit, nothing is left, and what a killed writer left is cleared away by the next. A target has one writer at a time.
 */
final class ShardWriter implements Closeable {

    /** Tokens of a shard file: 256 MiB as uint16. */
    static final long TOKENS_PER_SHARD = 128L << 20;

    private final Path target;
    private final Path temporary;
    private final int vocabSize;
    private final int endOfDocumentId;
    private final Map<Split, ShardFiles> files = new EnumMap<>(Split.class);
    private final Map<Split, long[]> counts = new EnumMap<>(Split.class);
    private boolean committed;

    ShardWriter(Path target, int vocabSize, int endOfDocumentId, long tokensPerShard) throws IOException {
        if (endOfDocumentId < 0 || endOfDocumentId >= vocabSize) {
            throw new IllegalArgumentException("the tokenizer has no end-of-document token: id " + endOfDocumentId
                    + " of a vocabulary of " + vocabSize);
        }
        this.target = target.toAbsolutePath().normalize();
        this.vocabSize = vocabSize;
        this.endOfDocumentId = endOfDocumentId;
        Path parent = this.target.getParent();
        if (parent == null || Files.exists(this.target)) {
            throw new IllegalArgumentException(this.target + " exists; token shards go to a new folder");
        }
        this.temporary = parent.resolve("." + this.target.getFileName() + ".tmp");
        DurableFiles.deleteTree(temporary);
        Files.createDirectories(temporary);
        for (Split split : Split.values()) {
            files.put(split, new ShardFiles(temporary, split, bytesPerToken(vocabSize), tokensPerShard));
            counts.put(split, new long[3]);
        }
    }

    static int bytesPerToken(int vocabSize) {
        return vocabSize <= 1 << 16 ? Short.BYTES : Integer.BYTES;
    }

    static String dtype(int vocabSize) {
        return bytesPerToken(vocabSize) == Short.BYTES ? "uint16" : "int32";
    }

    /** Adds one document. */
    void add(Split split, int[] ids, long textBytes) throws IOException {
        ShardFiles out = at(files, split);
        for (int id : ids) {
            if (id < 0 || id >= vocabSize) {
                throw new IllegalArgumentException("the tokenizer gave id " + id + ", its vocabulary has " + vocabSize);
            }
            out.add(id);
        }
        out.add(endOfDocumentId);
        long[] count = at(counts, split);
        count[0]++;
        count[1] += textBytes;
        count[2] += ids.length + 1L;
    }

    /** Tokens of all splits so far. */
    long tokens() {
        return counts.values().stream().mapToLong(count -> count[2]).sum();
    }

    long documents() {
        return counts.values().stream().mapToLong(count -> count[0]).sum();
    }

    /** Ends the files, writes the manifest that {@code manifest} makes of the splits, and renames the folder to its target. */
    void commit(Function<Map<String, SplitPart>, ShardManifest> manifest) throws IOException {
        Map<String, SplitPart> splits = new TreeMap<>();
        for (Split split : Split.values()) {
            long[] count = at(counts, split);
            splits.put(
                    split.key(),
                    new SplitPart(count[0], count[1], count[2], at(files, split).finish()));
        }
        ManifestFile.write(temporary, manifest.apply(splits));
        DurableFiles.syncFolder(temporary);
        DurableFiles.replace(temporary, target);
        committed = true;
    }

    private static <V> V at(Map<Split, V> map, Split split) {
        return Objects.requireNonNull(map.get(split));
    }

    @Override
    public void close() throws IOException {
        for (ShardFiles out : files.values()) {
            out.close();
        }
        if (!committed) {
            DurableFiles.deleteTree(temporary);
        }
    }
}
