package dev.mynah.model.gguf;

import dev.mynah.model.weights.Weight;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.SequencedSet;

/**
 * A GGUF file of version 2 or 3, mapped into memory: typed metadata, a table of tensors, and their bytes (<a
 * href="https://github.com/ggml-org/ggml/blob/master/docs/gguf.md">the format</a>).
 *
 * <p>The mapping is read-only and ends with {@link #close}; weights must not be used longer.
 */
public final class GgufFile implements AutoCloseable {
    private final Path path;
    private final Arena arena;
    private final GgufMetadata metadata;
    private final GgufHeader header;
    private final MemorySegment data;

    private GgufFile(Path path, Arena arena, MemorySegment file) {
        this.path = path;
        this.arena = arena;
        header = GgufHeader.parse(file);
        metadata = new GgufMetadata(path.toString(), header.metadata());
        data = file.asSlice(Math.min(header.dataStart(), file.byteSize()));
    }

    /**
     * Opens a file and checks everything in its header against its length.
     *
     * @throws GgufFormatException if it is not a GGUF file, or a damaged one
     */
    public static GgufFile open(Path path) throws IOException {
        if (Files.isDirectory(path)) {
            throw new GgufFormatException(path + " is a folder, not a GGUF file");
        }
        Arena arena = Arena.ofShared();
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            return new GgufFile(path, arena, channel.map(MapMode.READ_ONLY, 0, channel.size(), arena));
        } catch (GgufFormatException e) {
            arena.close();
            throw new GgufFormatException(path + ": " + e.getMessage());
        } catch (IOException | RuntimeException e) {
            arena.close();
            throw e;
        }
    }

    /** Whether a model's path means a GGUF file: a file, not a folder, that is called so. */
    public static boolean isNamedSo(Path path) {
        return path.toString().endsWith(".gguf") && !Files.isDirectory(path);
    }

    /** Where the file is. */
    public Path path() {
        return path;
    }

    /** All that is said beside the tensors. */
    public GgufMetadata metadata() {
        return metadata;
    }

    /** The names of all tensors, in the order of the file. */
    public SequencedSet<String> names() {
        return header.tensors().sequencedKeySet();
    }

    /** Whether there is a tensor of this name. */
    public boolean has(String name) {
        return header.tensors().containsKey(name);
    }

    /** A tensor as it lies in the file. */
    public Weight weight(String name) {
        GgufHeader.Tensor tensor = header.tensors().get(name);
        if (tensor == null) {
            throw new GgufFormatException(path + " has no tensor " + name);
        }
        return new Weight(tensor.type(), tensor.shape(), data.asSlice(tensor.begin(), tensor.bytes()));
    }

    @Override
    public void close() {
        arena.close();
    }
}
