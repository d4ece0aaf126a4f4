package dev.mynah.engine.fused;

import dev.mynah.model.weights.Weight;
import dev.mynah.model.weights.WeightType;
import dev.mynah.tensor.Autograd;
import dev.mynah.tensor.DType;
import dev.mynah.tensor.Scope;
import dev.mynah.tensor.Tensor;
import dev.mynah.tensor.Torch;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import org.jspecify.annotations.Nullable;

/**
 * A linear layer over a weight's own bytes. How it is computed depends on the number of tokens:
 *
 * <ul>
 *   <li>one: each row is multiplied as it is read, in one kernel;
 *   <li>a few: four rows at a time are written out as floats, and multiplied with four tokens at a time;
 *   <li>many: a tile of rows is written out in bfloat16, and multiplied by libtorch. Weights in fp32 stay in fp32 and go the way of the few.
 * </ul>
 */
final class Linear {
    /** From so many tokens on, libtorch is faster; below it, its preparations cost more. */
    static final int MANY = 12;

    /** Elements of a tile of libtorch's: with its inputs it stays in a core's own cache. */
    private static final int TILE_ELEMENTS = 1 << 18;

    private static final int MAX_TILE_ROWS = 256;

    /** Bytes of a weight that one chunk of work reads: some microseconds, enough to hide what handing it out costs. */
    private static final int CHUNK_BYTES = 1 << 15;

    private final Weight weight;
    private final RowFormat format;
    private final long address;
    private final long rowBytes;
    private final int rows;
    private final int columns;
    private final float @Nullable [] bias;

    private Linear(Weight weight, long firstRow, int rows, float @Nullable [] bias) {
        this.weight = weight;
        format = RowFormat.of(weight.type());
        rowBytes = weight.type().rowBytes(weight.columns());
        address = weight.data().address() + firstRow * rowBytes;
        this.rows = rows;
        columns = weight.columns();
        this.bias = bias;
    }

    /**
     * A layer over {@code weight}, {@code [rows, columns]}, which must be native memory that outlives it.
     *
     * @param bias {@code [rows]}, or null
     */
    static Linear of(Weight weight, float @Nullable [] bias) {
        if (!weight.data().isNative()) {
            throw new IllegalArgumentException("a weight for the fused kernels lies in native memory");
        }
        return new Linear(weight, 0, Math.toIntExact(weight.rows()), bias);
    }

    /** The layer of {@code count} of this one's rows. */
    Linear slice(int first, int count, float @Nullable [] sliceBias) {
        return new Linear(weight, first, count, sliceBias);
    }

    int rows() {
        return rows;
    }

    int columns() {
        return columns;
    }

    /** Whether libtorch can do better than the kernels here: weights in fp32 stay in fp32. */
    boolean canBeRounded() {
        return weight.type() != WeightType.F32;
    }

    /** Whether so many tokens go through libtorch, from {@code many} on. */
    boolean isRounded(int tokens, int many) {
        return tokens >= many && canBeRounded();
    }

    /** Rows that make one chunk of work, whole vectors of them. */
    int chunkRows(int tokens, int threads, int many) {
        if (isRounded(tokens, many)) {
            int most = mostTileRows(columns);
            int chunks = Math.ceilDiv(Math.ceilDiv(rows, most), threads) * threads;
            return Lanes.padded(Math.min(most, Math.ceilDiv(rows, chunks)));
        }
        int most = Math.clamp(CHUNK_BYTES / rowBytes, 1, 1 << 16);
        return Lanes.padded(Math.min(most, Math.ceilDiv(rows, 2 * threads)));
    }

    /** Writes a row of the weight, for a layer that is looked up as a table. */
    void row(int index, float[] output) {
        format.decode(address + index * rowBytes, columns, output, 0);
    }

    /**
     * Computes rows {@code from} to {@code to} of the outputs of the first {@code tokens} inputs.
     *
     * @param input   as floats, and where {@code rounded} in the scratch's memory too
     * @param output  column by column
     * @param add     whether to add to what is there
     * @param rounded what {@link #isRounded} says
     */
    void apply(
            Columns input,
            Columns output,
            int tokens,
            int from,
            int to,
            boolean add,
            boolean rounded,
            Scratch scratch) {
        if (rounded) {
            multiplyMany(input, output, tokens, from, to, add, scratch);
            return;
        }
        for (int token = 0; token < tokens; token++) {
            begin(output.values[token], from, to, add);
        }
        if (tokens == 1) {
            long first = address + from * rowBytes;
            format.addProducts(
                    first, rowBytes, to - from, columns, input.values[0], output.values[0], from, scratch.rows());
        } else {
            addFew(input, output, tokens, from, to, scratch);
        }
    }

    /** Writes what products are added to. */
    private void begin(float[] output, int from, int to, boolean add) {
        if (!add) {
            Arrays.fill(output, from, to, 0);
        }
        if (bias != null) {
            for (int i = from; i < to; i++) {
                output[i] += bias[i];
            }
        }
    }

    private void addFew(Columns input, Columns output, int tokens, int from, int to, Scratch scratch) {
        int tile = FloatProducts.TILE;
        int stride = Lanes.padded(columns);
        float[] sums = scratch.sums();
        for (int row = from; row < to; row += tile) {
            int count = Math.min(tile, to - row);
            for (int r = 0; r < count; r++) {
                format.decode(address + (row + r) * rowBytes, columns, scratch.rows(), r * stride);
                Arrays.fill(scratch.rows(), r * stride + columns, (r + 1) * stride, 0);
            }
            for (int token = 0; token < tokens; token += tile) {
                int last = tokens - 1;
                FloatProducts.tile(
                        scratch.rows(),
                        stride,
                        columns,
                        input.values[token],
                        input.values[Math.min(token + 1, last)],
                        input.values[Math.min(token + 2, last)],
                        input.values[Math.min(token + 3, last)],
                        sums);
                for (int t = token; t < Math.min(token + tile, tokens); t++) {
                    float[] column = output.values[t];
                    for (int r = 0; r < count; r++) {
                        column[row + r] += sums[tile * r + t - token];
                    }
                }
            }
        }
    }

    private void multiplyMany(
            Columns input, Columns output, int tokens, int from, int to, boolean add, Scratch scratch) {
        int count = to - from;
        // Every worker multiplies tiles of its own; FusedRunner gives the caller's thread its setting back.
        Torch.setThreads(1);
        try (Scope scope = Scope.open();
                Autograd.Mode mode = Autograd.noGrad()) {
            Tensor product =
                    Tensor.fromSegment(scratch.product().slice(0, 2L * tokens * count), DType.BF16, tokens, count);
            input.rounded(tokens, scratch.input())
                    .matmul(tile(from, count, scratch).transpose(0, 1), product);
        }
        for (int token = 0; token < tokens; token++) {
            long products = scratch.product().address() + 2L * token * count;
            scatter(products, output.values[token], from, count, add);
        }
    }

    /** Adds the bias to a token's products in bfloat16, and puts them into its column. */
    private void scatter(long products, float[] column, int from, int count, boolean add) {
        int whole = count - count % Lanes.LENGTH;
        for (int i = 0; i < whole; i += Lanes.LENGTH) {
            FloatVector value = Lanes.bfloat16s(products + 2L * i);
            if (bias != null) {
                value = value.add(Lanes.floats(bias, from + i));
            }
            if (add) {
                value = value.add(Lanes.floats(column, from + i));
            }
            value.intoArray(column, from + i);
        }
        for (int i = whole; i < count; i++) {
            float value = Lanes.bfloat16(products + 2L * i) + (bias == null ? 0 : bias[from + i]);
            column[from + i] = add ? column[from + i] + value : value;
        }
    }

    /** Rows in bfloat16: the weight itself, or the scratch's memory with what it means. */
    private Tensor tile(int from, int count, Scratch scratch) {
        if (weight.type() == WeightType.BF16 && address % 2 == 0) {
            long offset = address - weight.data().address() + from * rowBytes;
            return Tensor.fromSegment(weight.data().asSlice(offset, count * rowBytes), DType.BF16, count, columns);
        }
        long bytes = 2L * columns;
        for (int i = 0; i < count; i++) {
            format.decode(address + (from + i) * rowBytes, columns, scratch.rows(), 0);
            long at = scratch.tile().address() + i * bytes;
            int whole = columns - columns % Lanes.LENGTH;
            for (int c = 0; c < whole; c += Lanes.LENGTH) {
                Lanes.storeBfloat16s(Lanes.floats(scratch.rows(), c), at + 2L * c);
            }
            for (int c = whole; c < columns; c++) {
                Lanes.setBfloat16(at + 2L * c, scratch.rows()[c]);
            }
        }
        return Tensor.fromSegment(scratch.tile().slice(0, count * bytes), DType.BF16, count, columns);
    }

    private static int mostTileRows(int columns) {
        int rows = Math.min(TILE_ELEMENTS / columns, MAX_TILE_ROWS);
        return Math.max(Lanes.LENGTH, rows - rows % Lanes.LENGTH);
    }

    /** The most bytes of {@link Scratch#tile} that a layer of up to so many columns needs. */
    static long tileBytes(int columns) {
        return 2L * Math.max(TILE_ELEMENTS, Lanes.LENGTH * columns);
    }

    /** The most bytes of {@link Scratch#product} that so many tokens need. */
    static long productBytes(int tokens) {
        return 2L * MAX_TILE_ROWS * tokens;
    }
}
