package dev.mynah.model.gguf;

import dev.mynah.model.weights.WeightType;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.Collectors;

/**
 * What stands before the tensors of a GGUF file. Everything in it comes from a stranger and is checked against the file's length.
 *
 * @param dataStart first byte of the tensors' data
 * @param tensors   by name
 */
record GgufHeader(SequencedMap<String, Object> metadata, long dataStart, SequencedMap<String, Tensor> tensors) {
    static final int MAGIC = 0x46554747;
    static final int DEFAULT_ALIGNMENT = 32;
    static final String ALIGNMENT_KEY = "general.alignment";

    // Far above any published model; they bound the memory that a hostile header may take.
    private static final long MAX_HEADER_BYTES = 256L << 20;
    private static final long MAX_TENSORS = 1 << 17;
    private static final long MAX_PAIRS = 1 << 16;
    private static final long MAX_ELEMENTS = 1 << 23;
    private static final int MAX_RANK = 4;
    private static final int MAX_ALIGNMENT = 1 << 20;

    /**
     * One tensor.
     *
     * @param shape rows first, the other way round than in the file
     * @param begin first byte, counted from the start of the data
     */
    record Tensor(WeightType type, List<Long> shape, long begin, long bytes) {}

    /**
     * Parses a header.
     *
     * @throws GgufFormatException saying what is wrong, without the file's name
     */
    static GgufHeader parse(MemorySegment file) {
        return new Parser(file).parse();
    }

    private static final class Parser {
        private final long fileBytes;
        private final GgufCursor cursor;
        private long elements;

        Parser(MemorySegment file) {
            fileBytes = file.byteSize();
            cursor = new GgufCursor(file, Math.min(fileBytes, MAX_HEADER_BYTES));
        }

        GgufHeader parse() {
            requireVersion();
            long tensorCount = cursor.count("the number of tensors", MAX_TENSORS);
            long pairs = cursor.count("the number of metadata values", MAX_PAIRS);
            SequencedMap<String, Object> metadata = new LinkedHashMap<>();
            for (long i = 0; i < pairs; i++) {
                String key = cursor.text("metadata key " + i);
                if (metadata.put(key, value(cursor.int32("the type of " + key), key)) != null) {
                    throw new GgufFormatException("the metadata key " + key + " stands there twice");
                }
            }
            long alignment = alignment(metadata.getOrDefault(ALIGNMENT_KEY, (long) DEFAULT_ALIGNMENT));
            SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
            for (long i = 0; i < tensorCount; i++) {
                String name = cursor.text("the name of tensor " + i);
                if (tensors.put(name, tensor("tensor " + name, alignment)) != null) {
                    throw new GgufFormatException("the tensor " + name + " stands there twice");
                }
            }
            long dataStart = (cursor.position() + alignment - 1) / alignment * alignment;
            requireInside(tensors, fileBytes - dataStart);
            return new GgufHeader(metadata, dataStart, tensors);
        }

        private void requireVersion() {
            if (fileBytes < 4 || cursor.int32("the magic number") != MAGIC) {
                throw new GgufFormatException("it is not a GGUF file: it does not begin with GGUF");
            }
            int version = cursor.int32("the version");
            if (version != 2 && version != 3) {
                throw new GgufFormatException(
                        Integer.reverseBytes(version) >>> 8 == 0
                                ? "it is a big-endian GGUF file; only little-endian ones are supported"
                                : "it has the GGUF version " + Integer.toUnsignedString(version)
                                        + "; supported are 2 and 3");
            }
        }

        private static long alignment(Object value) {
            if (!(value instanceof Long alignment)
                    || alignment < 1
                    || alignment > MAX_ALIGNMENT
                    || Long.bitCount(alignment) != 1) {
                throw new GgufFormatException(
                        ALIGNMENT_KEY + " is " + value + "; it must be a power of two of at most " + MAX_ALIGNMENT);
            }
            return alignment;
        }

        private Object value(int type, String key) {
            return type == GgufType.ARRAY ? array(key) : scalar(type, key);
        }

        private List<Object> array(String key) {
            int type = cursor.int32("the element type of " + key);
            long smallest = GgufType.smallestBytes(type, key);
            long count = cursor.count("the length of " + key, cursor.left() / smallest);
            elements += count;
            if (elements > MAX_ELEMENTS) {
                throw new GgufFormatException("the arrays up to " + key + " have " + elements
                        + " elements in all; at most " + MAX_ELEMENTS + " are supported");
            }
            List<Object> list = new ArrayList<>((int) count);
            for (long i = 0; i < count; i++) {
                list.add(scalar(type, key));
            }
            return list;
        }

        private Object scalar(int type, String key) {
            return switch (type) {
                case GgufType.UINT8 -> (long) (cursor.int8(key) & 0xFF);
                case GgufType.INT8 -> (long) cursor.int8(key);
                case GgufType.UINT16 -> (long) (cursor.int16(key) & 0xFFFF);
                case GgufType.INT16 -> (long) cursor.int16(key);
                case GgufType.UINT32 -> cursor.int32(key) & 0xFFFF_FFFFL;
                case GgufType.INT32 -> (long) cursor.int32(key);
                case GgufType.FLOAT32 -> Float.intBitsToFloat(cursor.int32(key));
                case GgufType.BOOL -> cursor.int8(key) != 0;
                case GgufType.STRING -> cursor.text(key);
                case GgufType.UINT64 -> cursor.count(key, Long.MAX_VALUE);
                case GgufType.INT64 -> cursor.int64(key);
                case GgufType.FLOAT64 -> Double.longBitsToDouble(cursor.int64(key));
                default -> throw GgufType.unknown(type, key);
            };
        }

        private Tensor tensor(String where, long alignment) {
            int rank = cursor.int32("the rank of " + where);
            if (rank < 1 || rank > MAX_RANK) {
                throw new GgufFormatException(
                        where + " has " + Integer.toUnsignedString(rank) + " dimensions; it may have 1 to " + MAX_RANK);
            }
            Long[] shape = new Long[rank];
            for (int i = rank - 1; i >= 0; i--) {
                shape[i] = cursor.count("a dimension of " + where, Long.MAX_VALUE);
            }
            WeightType type = type(cursor.int32("the type of " + where), where);
            long begin = cursor.int64("the offset of " + where);
            if (begin < 0 || begin % alignment != 0) {
                throw new GgufFormatException(where + " lies at the offset " + Long.toUnsignedString(begin)
                        + ", which is not a multiple of " + alignment);
            }
            List<Long> dimensions = List.of(shape);
            return new Tensor(type, dimensions, begin, bytes(type, dimensions, where));
        }

        private long bytes(WeightType type, List<Long> shape, String where) {
            if (shape.contains(0L) || shape.getLast() % type.blockElements() != 0) {
                throw new GgufFormatException(where + " of type " + type + " has the shape " + shape
                        + "; its rows must be a multiple of " + type.blockElements() + " elements");
            }
            try {
                long bytes = type.rowBytes(shape.getLast());
                for (long size : shape.subList(0, shape.size() - 1)) {
                    bytes = Math.multiplyExact(bytes, size);
                }
                return bytes;
            } catch (ArithmeticException e) {
                throw new GgufFormatException(where + " has the shape " + shape + ", which is too large");
            }
        }

        private static WeightType type(int id, String where) {
            for (WeightType type : WeightType.values()) {
                if (type.ggmlId() == id) {
                    return type;
                }
            }
            throw new GgufFormatException(where + " has the type " + GgmlTypes.describe(id)
                    + ", which is not supported; supported are "
                    + Arrays.stream(WeightType.values()).map(Enum::name).collect(Collectors.joining(", ")));
        }

        private static void requireInside(SequencedMap<String, Tensor> tensors, long dataBytes) {
            List<Map.Entry<String, Tensor>> sorted = new ArrayList<>(tensors.entrySet());
            sorted.sort(Map.Entry.comparingByValue(Comparator.comparingLong(Tensor::begin)));
            long covered = 0;
            for (Map.Entry<String, Tensor> named : sorted) {
                Tensor tensor = named.getValue();
                String where = "tensor " + named.getKey() + " of " + tensor.bytes + " bytes lies at the offset "
                        + tensor.begin;
                if (tensor.bytes > dataBytes - tensor.begin) {
                    throw new GgufFormatException(
                            where + ", but the file has only " + Math.max(0, dataBytes) + " bytes of data");
                }
                if (tensor.begin < covered) {
                    throw new GgufFormatException(where + ", which overlaps the tensor before it, up to " + covered);
                }
                covered = tensor.begin + tensor.bytes;
            }
        }
    }
}
