package dev.mynah.engine;

import dev.mynah.model.KvCache;
import dev.mynah.model.Transformer;
import dev.mynah.tensor.Autograd;
import dev.mynah.tensor.DType;
import dev.mynah.tensor.Scope;
import dev.mynah.tensor.Tensor;
import java.util.Arrays;

/** Reads tokens behind those in a cache, in chunks, so that a long text takes no more memory than its keys and values and one chunk. */
final class ForwardPass {
    /** Large enough for matrix products at full speed; attention takes {@code heads * CHUNK * context} scores at a time. */
    private static final int CHUNK = 512;

    private final Transformer model;
    private final KvCache cache;
    private final DType compute;

    /** What is done with a chunk's final hidden states, whose memory is freed afterwards. */
    interface Reader {
        /**
         * Called once a chunk.
         *
         * @param hidden {@code [1, time, width]}
         * @param start  place of the first state in the ids that are read
         */
        void read(Tensor hidden, int start);
    }

    /** The cache's memory belongs to the open scope. */
    ForwardPass(Transformer model, int capacity, DType compute) {
        this.model = model;
        this.compute = compute;
        cache = KvCache.create(model.config(), 1, capacity, compute, model.device());
    }

    void read(int[] ids, Reader reader) {
        for (int start = 0; start < ids.length; start += CHUNK) {
            int[] chunk = Arrays.copyOfRange(ids, start, Math.min(start + CHUNK, ids.length));
            try (Scope scope = Scope.open();
                    Autograd.Mode mode = Autograd.noGrad()) {
                Tensor input = Tensor.of(chunk, 1, chunk.length).to(model.device());
                reader.read(model.hidden(input, cache, compute), start);
            }
        }
    }

    /** Throws unless {@code ids} are all in a vocabulary. */
    static void requireKnown(int vocabSize, int[] ids) {
        for (int place = 0; place < ids.length; place++) {
            if (ids[place] < 0 || ids[place] >= vocabSize) {
                throw new IllegalArgumentException(
                        "token id %d (number %d of %d) is not one of the model's, which are 0..%d"
                                .formatted(ids[place], place + 1, ids.length, vocabSize - 1));
            }
        }
    }
}
