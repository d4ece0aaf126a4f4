package dev.mynah.model;

import dev.mynah.tensor.DType;
import dev.mynah.tensor.Device;
import dev.mynah.tensor.Nn;
import dev.mynah.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keys and values of many sequences in equal blocks, which the caller hands out to them (Kwon et al. 2023, PagedAttention). Memory is reserved at once, and taken by the system as it is
 * first written; it belongs to the scope that is open at creation.
 */
public final class PagedKvCache {
    private final ModelConfig config;
    private final int blockTokens;
    private final Device device;
    /** One tensor a layer, {@code [blocks * blockTokens, kvWidth]}. */
    private final List<Tensor> keys = new ArrayList<>();

    private final List<Tensor> values = new ArrayList<>();

    /**
     * An empty cache.
     *
     * @param dtype element type, that of the computation
     */
    public PagedKvCache(ModelConfig config, int blocks, int blockTokens, DType dtype, Device device) {
        this.config = config;
        this.blockTokens = blockTokens;
        this.device = device;
        long slots = (long) blocks * blockTokens;
        for (int layer = 0; layer < config.layers(); layer++) {
            keys.add(Tensor.empty(dtype, device, slots, config.kvWidth()));
            values.add(Tensor.empty(dtype, device, slots, config.kvWidth()));
        }
    }

    /** Copies what a block holds into another. */
    public void copyBlock(int from, int to) {
        for (List<Tensor> layers : List.of(keys, values)) {
            for (Tensor layer : layers) {
                layer.narrow(0, (long) to * blockTokens, blockTokens)
                        .copy_(layer.narrow(0, (long) from * blockTokens, blockTokens));
            }
        }
    }

    /** One sequence of a batch: its blocks in the order of positions, and how many positions are filled. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Table(int[] blocks, int length) {}

    /**
     * Sequences for one pass, which reads {@code time} further tokens of each. Its index tensors belong to the open scope.
     *
     * <p>Sequences of different lengths are aligned at their ends, so that the last columns of every mask mean the same for all; what is missing at the beginning of the shorter ones is
     * hidden.
     */
    public View view(List<Table> tables, int time) {
        int most = tables.stream().mapToInt(Table::length).max().orElseThrow() + time;
        long[] positions = new long[tables.size() * time];
        long[] written = new long[tables.size() * time];
        long[] read = new long[tables.size() * most];
        boolean[] missing = new boolean[tables.size() * most];
        for (int row = 0; row < tables.size(); row++) {
            Table table = tables.get(row);
            for (int i = 0; i < time; i++) {
                positions[row * time + i] = (long) table.length + i;
                written[row * time + i] = slot(table, table.length + i);
            }
            int padding = most - table.length - time;
            for (int i = 0; i < most; i++) {
                // What is hidden must still be a number: the sequence's first key.
                read[row * most + i] = slot(table, Math.max(0, i - padding));
            }
            Arrays.fill(missing, row * most, row * most + padding, true);
        }
        int batch = tables.size();
        return new View(
                most - time,
                Tensor.of(positions, batch, time).to(device),
                Tensor.of(written).to(device),
                Tensor.of(read, batch, most).to(device),
                AttentionMask.missing(missing, batch, time, device));
    }

    private long slot(Table table, int position) {
        return (long) table.blocks[position / blockTokens] * blockTokens + position % blockTokens;
    }

    /** The cache as one pass sees it. */
    public final class View implements KvCache {
        private final int length;
        private final Tensor positions;
        private final Tensor written;
        private final Tensor read;
        private final @Nullable Tensor mask;

        private View(int length, Tensor positions, Tensor written, Tensor read, @Nullable Tensor mask) {
            this.length = length;
            this.positions = positions;
            this.written = written;
            this.read = read;
            this.mask = mask;
        }

        /** {@code [batch, time]}. */
        Tensor positions() {
            return positions;
        }

        /** {@code [batch, 1, time, keys]}, causality included; null where no sequence is shorter than another. */
        @Nullable
        Tensor mask() {
            return mask;
        }

        @Override
        public int length() {
            return length;
        }

        @Override
        public int capacity() {
            return config.context();
        }

        @Override
        public Entry append(int layer, Tensor newKeys, Tensor newValues) {
            return new Entry(append(keys.get(layer), newKeys), append(values.get(layer), newValues));
        }

        private Tensor append(Tensor slots, Tensor appended) {
            slots.indexCopy_(0, written, appended.transpose(1, 2).reshape(-1, config.kvWidth()));
            return Nn.embedding(slots, read)
                    .reshape(read.size(0), read.size(1), config.kvHeads(), config.headDim())
                    .transpose(1, 2);
        }

        /** Blocks are counted by whoever hands them out. */
        @Override
        public void advance(int time) {}
    }
}
