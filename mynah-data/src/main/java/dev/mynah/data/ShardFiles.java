package dev.mynah.data;

import dev.mynah.data.ShardManifest.Shard;
import dev.mynah.files.Digests;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Writes the ids of one split to a row of files of bounded size. A document may go on in the next file. */
final class ShardFiles implements Closeable {

    private final Path folder;
    private final Split split;
    private final int bytesPerToken;
    private final long tokensPerShard;
    private final ByteBuffer buffer = ByteBuffer.allocate(1 << 20).order(ByteOrder.LITTLE_ENDIAN);
    private final MessageDigest digest = Digests.sha256();
    private final List<Shard> shards = new ArrayList<>();
    private @Nullable FileChannel channel;
    private long tokensInShard;

    ShardFiles(Path folder, Split split, int bytesPerToken, long tokensPerShard) {
        this.folder = folder;
        this.split = split;
        this.bytesPerToken = bytesPerToken;
        this.tokensPerShard = tokensPerShard;
    }

    void add(int id) throws IOException {
        if (channel == null) {
            channel = FileChannel.open(folder.resolve(name()), StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
        }
        if (buffer.remaining() < bytesPerToken) {
            flush(channel);
        }
        if (bytesPerToken == Short.BYTES) {
            buffer.putShort((short) id);
        } else {
            buffer.putInt(id);
        }
        if (++tokensInShard == tokensPerShard) {
            endShard(channel);
        }
    }

    /** Ends the last file; the list of all. */
    List<Shard> finish() throws IOException {
        if (channel != null) {
            endShard(channel);
        }
        return List.copyOf(shards);
    }

    private String name() {
        return String.format(Locale.ROOT, "%s-%05d.bin", split.key(), shards.size());
    }

    private void endShard(FileChannel open) throws IOException {
        flush(open);
        open.force(true);
        open.close();
        shards.add(new Shard(name(), tokensInShard, Digests.hex(digest)));
        channel = null;
        tokensInShard = 0;
    }

    private void flush(FileChannel open) throws IOException {
        buffer.flip();
        digest.update(buffer.duplicate());
        try {
            while (buffer.hasRemaining()) {
                open.write(buffer);
            }
        } catch (IOException e) {
            // "No space left on device" alone does not say where.
            throw new IOException("cannot write " + folder.resolve(name()) + ": " + e.getMessage(), e);
        }
        buffer.clear();
    }

    @Override
    public void close() throws IOException {
        if (channel != null) {
            channel.close();
        }
    }
}
