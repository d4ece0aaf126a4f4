package dev.mynah.model.weights;

import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * A weight in memory, mapped or owned by whoever made it.
 *
 * @param shape as in a checkpoint, {@code [rows, columns]} for a matrix that maps columns to rows
 * @param data  the rows one after the other, little-endian, possibly unaligned
 */
public record Weight(WeightType type, List<Long> shape, MemorySegment data) {

    public Weight {
        shape = List.copyOf(shape);
        long bytes = bytes(type, shape);
        if (data.byteSize() != bytes) {
            throw new IllegalArgumentException("a weight of type " + type + " and shape " + shape + " has " + bytes
                    + " bytes, not " + data.byteSize());
        }
    }

    private static long bytes(WeightType type, List<Long> shape) {
        long rows = 1;
        for (long size : shape.subList(0, shape.size() - 1)) {
            rows = Math.multiplyExact(rows, size);
        }
        return Math.multiplyExact(rows, type.rowBytes(shape.getLast()));
    }

    /** Elements of a row. */
    public int columns() {
        return Math.toIntExact(shape.getLast());
    }

    /** Product of all dimensions but the last. */
    public long rows() {
        return data.byteSize() / type.rowBytes(shape.getLast());
    }
}
