package dev.mynah.model.gguf;

import dev.mynah.model.GenerationConfig;
import dev.mynah.model.ModelConfig;
import dev.mynah.model.StoredParameter;
import dev.mynah.model.weights.Weight;
import dev.mynah.model.weights.WeightSource;
import dev.mynah.model.weights.WeightType;
import dev.mynah.text.Tokenizer;
import dev.mynah.text.Tokenizers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A model in a GGUF file, with all that is needed to use it. */
public final class GgufModel implements WeightSource {
    private final GgufFile file;
    private final GgufArchitecture architecture;
    private final ModelConfig config;
    private final Map<String, String> tensorNames = new LinkedHashMap<>();

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
        for (StoredParameter parameter : StoredParameter.of(config)) {
            String name = architecture.tensor(parameter.name());
            if (!unread.remove(name)) {
                throw new GgufFormatException(file.path() + " lacks the tensor " + name);
            }
            List<Long> shape = file.weight(name).shape();
            if (!shape.equals(parameter.outputFirstShape())) {
                throw new GgufFormatException(file.path() + ": tensor " + name + " has the shape " + shape
                        + ", but the metadata asks for " + parameter.outputFirstShape());
            }
            tensorNames.put(parameter.name(), name);
        }
        if (!unread.isEmpty()) {
            List<String> names = new ArrayList<>(unread);
            names.sort(null);
            throw new GgufFormatException(file.path() + " has the tensor " + names.getFirst()
                    + (names.size() == 1 ? "" : " and " + (names.size() - 1) + " more")
                    + ", which models of the architecture " + architecture.id() + " here do not use");
        }
    }

    @Override
    public ModelConfig config() {
        return config;
    }

    @Override
    public Weight weight(String name) {
        String tensor = tensorNames.get(name);
        if (tensor == null) {
            throw new IllegalArgumentException(file.path() + " has no weight " + name);
        }
        return file.weight(tensor);
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
