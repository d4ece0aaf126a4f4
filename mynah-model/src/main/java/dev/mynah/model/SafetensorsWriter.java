package dev.mynah.model;

import dev.mynah.files.DurableFiles;
import dev.mynah.tensor.Device;
import dev.mynah.tensor.Scope;
import dev.mynah.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes safetensors files. */
public final class SafetensorsWriter {
    private static final int ALIGNMENT = 8;
    private static final long CHUNK_BYTES = 64 << 20;

    private SafetensorsWriter() {}

    /**
     * Writes {@code tensors} to {@code file}, which is replaced as a whole or not at all. Wide element types come
     * first, so that every tensor is aligned.
     *
     * @param metadata free text; PyTorch's readers want {@code format} to be {@code pt}
     */
    public static void write(Path file, Map<String, Tensor> tensors, Map<String, String> metadata) throws IOException {
        List<Map.Entry<String, Tensor>> ordered = new ArrayList<>(tensors.entrySet());
        ordered.sort(Comparator.comparingInt(entry -> -entry.getValue().dtype().bytes()));
        ByteBuffer header = header(ordered, metadata);
        DurableFiles.write(file, channel -> {
            DurableFiles.writeFully(channel, header);
            for (Map.Entry<String, Tensor> entry : ordered) {
                write(channel, entry.getValue());
            }
        });
    }

    /** Bytes of a tensor's elements. */
    static long bytes(Tensor tensor) {
        return tensor.elements() * tensor.dtype().bytes();
    }

    private static ByteBuffer header(List<Map.Entry<String, Tensor>> tensors, Map<String, String> metadata) {
        ObjectNode json = JsonMapper.shared().createObjectNode();
        if (!metadata.isEmpty()) {
            metadata.forEach(json.putObject("__metadata__")::put);
        }
        long offset = 0;
        for (Map.Entry<String, Tensor> entry : tensors) {
            Tensor tensor = entry.getValue();
            ObjectNode node = json.putObject(entry.getKey());
            node.put("dtype", tensor.dtype().name());
            ArrayNode shape = node.putArray("shape");
            Arrays.stream(tensor.shape()).forEach(shape::add);
            node.putArray("data_offsets").add(offset).add(offset + bytes(tensor));
            offset += bytes(tensor);
        }
        byte[] text = JsonMapper.shared().writeValueAsBytes(json);
        int padded = (text.length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        ByteBuffer header =
                ByteBuffer.allocate(SafetensorsFile.LENGTH_BYTES + padded).order(ByteOrder.LITTLE_ENDIAN);
        header.putLong(padded).put(text);
        while (header.hasRemaining()) {
            header.put((byte) ' ');
        }
        return header.flip();
    }

    private static void write(FileChannel channel, Tensor tensor) throws IOException {
        try (Scope scope = Scope.open()) {
            MemorySegment memory = tensor.detach().to(Device.CPU).contiguous().segment();
            for (long at = 0; at < memory.byteSize(); at += CHUNK_BYTES) {
                long length = Math.min(CHUNK_BYTES, memory.byteSize() - at);
                DurableFiles.writeFully(channel, memory.asSlice(at, length).asByteBuffer());
            }
        }
    }
}
