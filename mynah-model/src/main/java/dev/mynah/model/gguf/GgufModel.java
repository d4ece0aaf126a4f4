package dev.mynah.model.gguf;

import dev.mynah.model.GenerationConfig;
import dev.mynah.model.ModelConfig;
import dev.mynah.model.Norm;
import dev.mynah.model.StoredParameter;
import dev.mynah.model.gguf.TensorNames.Place;
import dev.mynah.model.weights.RowDecoder;
import dev.mynah.model.weights.Weight;
import dev.mynah.model.weights.WeightSource;
import dev.mynah.model.weights.WeightType;
import dev.mynah.text.Tokenizer;
import dev.mynah.text.Tokenizers;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** A model in a GGUF file, with all that is needed to use it. */
public final class GgufModel implements WeightSource {
    private final GgufFile file;
    private final GgufArchitecture architecture;
    private final ModelConfig config;
    private final Map<String, Place> places = new LinkedHashMap<>();

    private GgufModel(GgufFile file) {
        this.file = file;
        architecture = GgufConfig.architecture(file);
        config = GgufConfig.read(file, architecture);
        matchTensors();
    }

    /**
     * Opens a file, and checks the name and shape of every tensor.
     *
     * @throws IllegalArgumentException if the file is damaged, the architecture is not supported, or tensors are missing, unknown or of another shape
     */
    public static GgufModel open(Path path) throws IOException {
        GgufFile file = GgufFile.open(path);
        try {
            return new GgufModel(file);
        } catch (RuntimeException e) {
            file.close();
            throw e;
        }
    }

    private void matchTensors() {
        Set<String> unread = new HashSet<>(file.names());
        GgufRope.TENSORS.forEach(unread::remove);
        TensorNames names = new TensorNames(architecture);
        for (StoredParameter parameter : StoredParameter.of(config)) {
            Place place = names.place(parameter.name());
            if (!file.has(place.tensor())) {
                throw new GgufFormatException(file.path() + " lacks the tensor " + place.tensor());
            }
            unread.remove(place.tensor());
            List<Long> shape = file.weight(place.tensor()).shape();
            List<Long> expected = new ArrayList<>(parameter.outputFirstShape());
            if (place.isExpert()) {
                expected.addFirst((long) Objects.requireNonNull(config.moe()).experts());
            }
            if (!shape.equals(expected) && !(isVector(expected) && shape.equals(expected.subList(1, 2)))) {
                throw new GgufFormatException(file.path() + ": tensor " + place.tensor() + " has the shape " + shape
                        + ", but the metadata asks for " + expected);
            }
            places.put(parameter.name(), place);
        }
        if (!unread.isEmpty()) {
            List<String> unknown = new ArrayList<>(unread);
            unknown.sort(null);
            throw new GgufFormatException(file.path() + " has the tensor " + unknown.getFirst()
                    + (unknown.size() == 1 ? "" : " and " + (unknown.size() - 1) + " more")
                    + ", which models of the architecture " + architecture.id() + " here do not use");
        }
    }

    /** A matrix of one row, as which the gate of a shared expert stands in checkpoints, is a vector in the file. */
    static boolean isVector(List<Long> shape) {
        return shape.size() == 2 && shape.getFirst() == 1;
    }

    @Override
    public ModelConfig config() {
        return config;
    }

    @Override
    public Weight weight(String name) {
        Place place = places.get(name);
        if (place == null) {
            throw new IllegalArgumentException(file.path() + " has no weight " + name);
        }
        Weight tensor = file.weight(place.tensor());
        if (place.isExpert()) {
            return expert(tensor, place.expert());
        }
        if (config.norm() == Norm.RMS_NORM_OFFSET && name.endsWith("norm.weight")) {
            return lessOne(tensor);
        }
        return tensor.shape().size() == 1 && name.endsWith("shared_expert_gate.weight")
                ? new Weight(tensor.type(), List.of(1L, tensor.shape().getFirst()), tensor.data())
                : tensor;
    }

    private static Weight expert(Weight all, int index) {
        long bytes = all.data().byteSize() / all.shape().getFirst();
        List<Long> shape = all.shape().subList(1, 3);
        return new Weight(all.type(), shape, all.data().asSlice(index * bytes, bytes));
    }

    /** Files hold the norms of Gemma with the one that is added to them. */
    private static Weight lessOne(Weight norm) {
        float[] values = new float[norm.columns()];
        RowDecoder.decode(norm, 0, values);
        for (int i = 0; i < values.length; i++) {
            values[i]--;
        }
        MemorySegment memory = Arena.ofAuto().allocateFrom(ValueLayout.JAVA_FLOAT, values);
        return new Weight(WeightType.F32, norm.shape(), memory);
    }

    @Override
    public boolean interleavedRope() {
        return architecture.interleavedRope();
    }

    /** Whether the matrices are stored in BF16, so that computing in it loses nothing. */
    public boolean isHalfPrecision() {
        return file.weight("token_embd.weight").type() == WeightType.BF16;
    }

    /** Which ids begin and end its text. */
    public GenerationConfig generation() {
        return GgufTokenizer.generation(file.metadata());
    }

    /**
     * The tokenizer inside the file.
     *
     * @throws IllegalArgumentException if there is none, or one that is not supported
     */
    public Tokenizer tokenizer() {
        return Tokenizers.of(GgufTokenizer.vocabulary(file.metadata()));
    }

    @Override
    public void close() {
        file.close();
    }
}
