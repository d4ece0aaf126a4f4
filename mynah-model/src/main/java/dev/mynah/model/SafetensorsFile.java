package dev.mynah.model;

import dev.mynah.tensor.DType;
import dev.mynah.tensor.Device;
import dev.mynah.tensor.Scope;
import dev.mynah.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Reference;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;

/**
 * A safetensors file, mapped into memory: eight bytes that hold the header's length, a JSON header, then the tensors'
 * bytes, little-endian and row-major (<a href="https://huggingface.co/docs/safetensors">the format</a>).
 *
 * <p>The mapping is read-only and lasts as long as this object is reachable: a tensor over it must not be written, nor
 * used longer.
 */
public final class SafetensorsFile {
    /** The specification's own limit. */
    static final long MAX_HEADER_BYTES = 100_000_000;

    static final int LENGTH_BYTES = 8;

    private static final ValueLayout.OfLong LENGTH = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final Path path;
    private final SafetensorsHeader header;
    private final MemorySegment data;

    private SafetensorsFile(Path path, SafetensorsHeader header, MemorySegment data) {
        this.path = path;
        this.header = header;
        this.data = data;
    }

    /**
     * Opens a file and checks its header against its length.
     *
     * @throws IllegalArgumentException if it is not a safetensors file, or a damaged one
     */
    public static SafetensorsFile open(Path path) throws IOException {
        if (Files.isDirectory(path)) {
            throw new IllegalArgumentException(path + " is a folder, not a safetensors file");
        }
        MemorySegment file;
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            file = channel.map(MapMode.READ_ONLY, 0, channel.size(), Arena.ofAuto());
        }
        try {
            long headerEnd = LENGTH_BYTES + headerBytes(file);
            byte[] json = file.asSlice(LENGTH_BYTES, headerEnd - LENGTH_BYTES).toArray(ValueLayout.JAVA_BYTE);
            MemorySegment data = file.asSlice(headerEnd);
            return new SafetensorsFile(path, SafetensorsHeader.parse(json, data.byteSize()), data);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(path + ": " + e.getMessage(), e);
        }
    }

    private static long headerBytes(MemorySegment file) {
        if (file.byteSize() < LENGTH_BYTES) {
            throw new IllegalArgumentException("a safetensors file begins with the header's length in " + LENGTH_BYTES
                    + " bytes, this one has " + file.byteSize());
        }
        long bytes = file.get(LENGTH, 0);
        long allowed = Math.min(MAX_HEADER_BYTES, file.byteSize() - LENGTH_BYTES);
        if (bytes < 0 || bytes > allowed) {
            throw new IllegalArgumentException("the header claims " + Long.toUnsignedString(bytes)
                    + " bytes, but at most " + allowed + " are possible in a file of " + file.byteSize() + " bytes");
        }
        return bytes;
    }

    /** Where the file is. */
    public Path path() {
        return path;
    }

    /** The names of all tensors, in the header's order. */
    public SequencedSet<String> names() {
        return header.entries().sequencedKeySet();
    }

    /** Free text that the writer left. */
    public Map<String, String> metadata() {
        return header.metadata();
    }

    /** The element type of a tensor. */
    public DType dtype(String name) {
        return entry(name).dtype();
    }

    /** The shape of a tensor. */
    public List<Long> shape(String name) {
        return entry(name).shape();
    }

    /** The bytes of a tensor, without a copy. */
    public MemorySegment memory(String name) {
        SafetensorsHeader.Entry entry = entry(name);
        return data.asSlice(entry.begin(), entry.end() - entry.begin());
    }

    /**
     * A tensor over the mapped bytes, without a copy unless they lie unaligned in the file: not to be written, and
     * valid while this object is reachable.
     */
    public Tensor tensor(String name) {
        SafetensorsHeader.Entry entry = entry(name);
        MemorySegment memory = memory(name);
        if (memory.address() % entry.dtype().bytes() == 0) {
            return Tensor.fromSegment(memory, entry.dtype(), entry.dimensions());
        }
        Tensor copy = Tensor.empty(entry.dtype(), Device.CPU, entry.dimensions());
        copy.segment().copyFrom(memory);
        return copy;
    }

    /** Fills {@code target} with a tensor's elements, converted to its element type; the shapes are equal. */
    public void copyTo(String name, Tensor target) {
        try (Scope scope = Scope.open()) {
            target.copy_(tensor(name));
        } finally {
            // The mapping ends with this object, which nobody else may hold any more.
            Reference.reachabilityFence(this);
        }
    }

    private SafetensorsHeader.Entry entry(String name) {
        SafetensorsHeader.Entry entry = header.entries().get(name);
        if (entry == null) {
            throw new IllegalArgumentException(path + " has no tensor " + name);
        }
        return entry;
    }
}
