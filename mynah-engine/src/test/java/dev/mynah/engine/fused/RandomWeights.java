package dev.mynah.engine.fused;

import dev.mynah.model.ModelConfig;
import dev.mynah.model.StoredParameter;
import dev.mynah.model.weights.Weight;
import dev.mynah.model.weights.WeightSource;
import dev.mynah.model.weights.WeightType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;

/** Weights of any type drawn at random; vectors are fp32, as in GGUF files. */
public final class RandomWeights implements WeightSource {
    private final ModelConfig config;
    private final boolean interleavedRope;
    private final Map<String, Weight> weights = new HashMap<>();

    public RandomWeights(ModelConfig config, WeightType type, boolean interleavedRope) {
        this.config = config;
        this.interleavedRope = interleavedRope;
        Random random = new Random(1);
        for (StoredParameter parameter : StoredParameter.of(config)) {
            List<Long> shape = parameter.outputFirstShape();
            float mean = parameter.name().contains("norm") || parameter.name().contains("ln_") ? 1 : 0;
            Weight weight = shape.size() == 1
                    ? draw(WeightType.F32, shape, mean, 0.3f, random)
                    : draw(type, shape, 0, 0.8f / (float) Math.sqrt(shape.getLast()), random);
            weights.put(parameter.name(), weight);
        }
    }

    /** A weight whose elements spread about {@code mean}, by their type's own means, as far as {@code deviation} or so. */
    static Weight draw(WeightType type, List<Long> shape, float mean, float deviation, Random random) {
        long rows = shape.size() == 1 ? 1 : shape.getFirst();
        long bytes = rows * type.rowBytes(shape.getLast());
        MemorySegment data = Arena.ofAuto().allocate(bytes, 2);
        byte[] noise = new byte[(int) bytes];
        random.nextBytes(noise);
        data.copyFrom(MemorySegment.ofArray(noise));
        int block = type.blockBytes();
        for (long at = 0; at < bytes; at += block) {
            float value = mean + deviation * (float) random.nextGaussian();
            switch (type) {
                case F32 -> data.set(ValueLayout.JAVA_FLOAT_UNALIGNED, at, value);
                case F16 -> half(data, at, value);
                case BF16 ->
                    data.set(ValueLayout.JAVA_SHORT_UNALIGNED, at, (short) (Float.floatToIntBits(value) >>> 16));
                case Q8_0 -> half(data, at, deviation / 64);
                case Q4_0 -> half(data, at, deviation / 4);
                case Q5_0 -> half(data, at, deviation / 8);
                case Q4_1 -> scaleAndMinimum(data, at, deviation / 4, -2 * deviation);
                case Q5_1 -> scaleAndMinimum(data, at, deviation / 8, -2 * deviation);
                case Q4_K -> scaleAndMinimum(data, at, deviation / 512, deviation / 64);
                case Q5_K -> scaleAndMinimum(data, at, deviation / 1024, deviation / 64);
                case Q6_K -> half(data, at + block - 2, deviation / 1024);
            }
        }
        return new Weight(type, shape, data);
    }

    private static void scaleAndMinimum(MemorySegment data, long at, float scale, float minimum) {
        half(data, at, scale);
        half(data, at + 2, minimum);
    }

    private static void half(MemorySegment data, long at, float value) {
        data.set(ValueLayout.JAVA_SHORT_UNALIGNED, at, Float.floatToFloat16(value));
    }

    @Override
    public ModelConfig config() {
        return config;
    }

    @Override
    public Weight weight(String name) {
        return Objects.requireNonNull(weights.get(name), name);
    }

    @Override
    public boolean interleavedRope() {
        return interleavedRope;
    }

    @Override
    public void close() {}
}
