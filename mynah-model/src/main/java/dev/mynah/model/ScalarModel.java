package dev.mynah.model;

import dev.mynah.files.DurableFiles;
import dev.mynah.tensor.DType;
import dev.mynah.tensor.Device;
import dev.mynah.tensor.Generator;
import dev.mynah.tensor.Scope;
import dev.mynah.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A transformer that says one number at each position in place of the next token: a reward model, or a value model. On disk it is what {@code transformers} calls a model for sequence
 * classification with one label: the network without its head, and {@code score.weight [1, width]}. What is subtracted from its numbers stands in {@code config.json} as
 * {@code reward_offset}, which {@code transformers} keeps but does not subtract.
 */
public final class ScalarModel {
    private static final String SCORE = "score.weight";
    private static final String OFFSET = "reward_offset";
    private static final String CONFIG = "config.json";

    private final Transformer backbone;
    private final Tensor score;
    private final double offset;

    private ScalarModel(Transformer backbone, Tensor score, double offset) {
        this.backbone = backbone;
        this.score = score;
        this.offset = offset;
    }

    /**
     * A model on the network of {@code languageModel}, whose parameters it shares, with a new head of fp32: normal with standard deviation {@code 1 / sqrt(width + 1)} (Stiennon et al. 2020).
     */
    public static ScalarModel on(Transformer languageModel, Generator generator) {
        SequencedMap<String, Tensor> parameters = new LinkedHashMap<>(languageModel.parameters());
        parameters.remove(ParameterNames.of(languageModel.config()).head());
        Transformer backbone = new Transformer(headless(languageModel.config()), parameters);
        long width = languageModel.config().width();
        Tensor score = Tensor.empty(DType.F32, languageModel.device(), 1, width);
        try (Scope scope = Scope.open()) {
            Tensor drawn = Tensor.empty(DType.F32, Device.CPU, 1, width);
            score.copy_(drawn.normal_(0, 1 / Math.sqrt(width + 1.0), generator));
        }
        return new ScalarModel(backbone, score, 0);
    }

    /** A tied head has no parameters of its own, and is never asked. */
    private static ModelConfig headless(ModelConfig config) {
        return config.toBuilder().tiedEmbeddings(true).build();
    }

    /** The network below the head; its own head is of no use. */
    public Transformer backbone() {
        return backbone;
    }

    /** What {@link #values} subtracts. */
    public double offset() {
        return offset;
    }

    /** The same model, whose numbers are lower by {@code offset} than those of its head. */
    public ScalarModel withOffset(double offset) {
        return new ScalarModel(backbone, score, offset);
    }

    /** All parameters by their names in a checkpoint, the head's last. */
    public SequencedMap<String, Tensor> parameters() {
        SequencedMap<String, Tensor> all = new LinkedHashMap<>(backbone.parameters());
        all.put(SCORE, score);
        return Collections.unmodifiableSequencedMap(all);
    }

    /** The numbers {@code [...]} (F32) that belong to hidden states {@code [..., width]} of the {@link #backbone}. */
    public Tensor values(Tensor hidden) {
        Tensor numbers = hidden.to(DType.F32).matmul(score.to(DType.F32).reshape(-1));
        return offset == 0 ? numbers : numbers.add(-offset);
    }

    /**
     * Writes the model's {@code config.json} and weights.
     *
     * @param padId the token that fills short rows of a batch, which {@code transformers} wants to know to find the last token
     */
    public void save(Path folder, GenerationConfig generation, int padId) throws IOException {
        Files.createDirectories(folder);
        Checkpoint.write(folder, parameters(), ModelFolder.MAX_FILE_BYTES);
        DurableFiles.write(
                folder.resolve(CONFIG),
                HuggingFaceConfigWriter.writeScalar(
                        backbone.config(), generation, ModelFolder.torchName(score.dtype()), padId, OFFSET, offset));
    }

    /**
     * Loads a model into memory of its own, which belongs to the open scope.
     *
     * @param dtype element type of the parameters; null keeps the one of the file
     * @throws IllegalArgumentException if a file is damaged or not such a model
     */
    public static ScalarModel load(Path folder, Device device, @Nullable DType dtype) throws IOException {
        ModelConfig config = headless(ModelFolder.config(folder));
        Map<String, Tensor> loaded = ModelFolder.tensors(folder, config, Set.of(SCORE), device, dtype);
        Tensor score = loaded.remove(SCORE);
        if (score == null || score.rank() != 2 || score.size(0) != 1 || score.size(1) != config.width()) {
            throw new IllegalArgumentException(folder + " is no model that gives one number: " + SCORE
                    + (score == null ? " is missing" : " is " + score + ", not [1, " + config.width() + "]"));
        }
        double offset = JsonFields.read(folder.resolve(CONFIG)).number(OFFSET, 0);
        return new ScalarModel(new Transformer(config, loaded), score, offset);
    }
}
