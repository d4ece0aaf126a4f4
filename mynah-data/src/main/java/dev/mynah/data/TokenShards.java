package dev.mynah.data;

import dev.mynah.data.ShardManifest.Shard;
import dev.mynah.data.ShardManifest.SplitPart;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * The ids of one split as one long sequence, memory-mapped: each document's ids, then the end-of-document id, document after document. Safe for use by many threads; usable until its
 * {@link TokenCorpus} is closed.
 */
public final class TokenShards {

    private static final ValueLayout.OfShort UINT16 =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT32 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final Path folder;
    private final SplitPart part;
    private final int vocabSize;
    private final int bytesPerToken;
    private final MemorySegment[] segments;

    /** Position of each shard's first token, and the number of all tokens at the end. */
    private final long[] starts;

    private TokenShards(Path folder, SplitPart part, int vocabSize, MemorySegment[] segments, long[] starts) {
        this.folder = folder;
        this.part = part;
        this.vocabSize = vocabSize;
        this.bytesPerToken = ShardWriter.bytesPerToken(vocabSize);
        this.segments = segments;
        this.starts = starts;
    }

    /** Maps the files of a split whose manifest has been checked. */
    static TokenShards map(Path folder, SplitPart part, int vocabSize, Arena arena) throws IOException {
        List<Shard> shards = part.shards();
        MemorySegment[] segments = new MemorySegment[shards.size()];
        long[] starts = new long[shards.size() + 1];
        for (int i = 0; i < segments.length; i++) {
            Path file = folder.resolve(shards.get(i).file());
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
                segments[i] = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
            }
            starts[i + 1] = starts[i] + shards.get(i).tokens();
        }
        return new TokenShards(folder, part, vocabSize, segments, starts);
    }

    /** Number of tokens, end-of-document ids among them. */
    public long tokenCount() {
        return part.tokens();
    }

    /** Number of documents. */
    public long documentCount() {
        return part.documents();
    }

    /** Bytes of the documents' text in UTF-8. */
    public long textBytes() {
        return part.textBytes();
    }

    /**
     * Copies {@code length} ids from {@code position} on to {@code target[offset..]}.
     *
     * @throws IndexOutOfBoundsException where the range is not within the sequence or the target
     * @throws ShardFormatException where an id is outside the vocabulary
     */
    public void read(long position, int[] target, int offset, int length) {
        Objects.checkFromIndexSize(position, length, tokenCount());
        Objects.checkFromIndexSize(offset, length, target.length);
        int shard = shardOf(position);
        long within = position - starts[shard];
        for (int done = 0; done < length; shard++, within = 0) {
            int count = (int) Math.min(length - done, starts[shard + 1] - starts[shard] - within);
            copy(shard, within, target, offset + done, count);
            done += count;
        }
    }

    private int shardOf(long position) {
        int found = Arrays.binarySearch(starts, 0, segments.length, position);
        return Math.max(0, found >= 0 ? found : -found - 2);
    }

    private void copy(int shard, long from, int[] target, int offset, int count) {
        MemorySegment segment = segments[shard];
        for (int i = 0; i < count; i++) {
            long place = (from + i) * bytesPerToken;
            int id = bytesPerToken == Short.BYTES ? segment.get(UINT16, place) & 0xFFFF : segment.get(INT32, place);
            if (id < 0 || id >= vocabSize) {
                throw new ShardFormatException(
                        folder.resolve(part.shards().get(shard).file()) + " holds id " + id + " at token " + (from + i)
                                + "; the vocabulary has " + vocabSize);
            }
            target[offset + i] = id;
        }
    }
}
