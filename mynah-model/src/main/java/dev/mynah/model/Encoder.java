package dev.mynah.model;

import dev.mynah.tensor.Autograd;
import dev.mynah.tensor.DType;
import dev.mynah.tensor.Device;
import dev.mynah.tensor.Nn;
import dev.mynah.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The encoder-only transformer of the BERT family (Devlin et al. 2019; RoBERTa, Liu et al. 2019; and what is trained
 * from them for embeddings, such as MiniLM and BGE): every token sees all tokens of its text.
 *
 * <pre>
 *   ids [batch, time] -> norm(token + position + segment embedding)
 *     -> layers x { norm(x + attention(x)), norm(x + mlp(x)) }        hidden: [batch, time, width]
 * </pre>
 *
 * The heads that were trained with it are left out; how hidden states become one vector is the caller's matter. An
 * instance is used by one thread at a time, with a scope open that owns the results.
 */
public final class Encoder {
    private final EncoderConfig config;
    private final Tensor tokens;
    private final Tensor positionTable;
    private final Tensor segment;
    private final NormLayer embeddingNorm;
    private final List<Layer> layers = new ArrayList<>();

    private record Layer(
            Linear query,
            Linear key,
            Linear value,
            Linear output,
            NormLayer attentionNorm,
            Mlp mlp,
            NormLayer mlpNorm) {}

    private Encoder(EncoderConfig config, Weights weights) {
        this.config = config;
        int width = config.width();
        tokens = weights.table("embeddings.word_embeddings", config.vocabSize());
        positionTable = weights.table("embeddings.position_embeddings", config.positions());
        segment = weights.table("embeddings.token_type_embeddings", config.segments())
                .narrow(0, 0, 1);
        embeddingNorm = weights.norm("embeddings.LayerNorm");
        for (int i = 0; i < config.layers(); i++) {
            String layer = "encoder.layer." + i + ".";
            String attention = layer + "attention.";
            layers.add(new Layer(
                    weights.linear(attention + "self.query", width, width),
                    weights.linear(attention + "self.key", width, width),
                    weights.linear(attention + "self.value", width, width),
                    weights.linear(attention + "output.dense", width, width),
                    weights.norm(attention + "output.LayerNorm"),
                    new Mlp(
                            config.activation(),
                            List.of(weights.linear(layer + "intermediate.dense", width, config.hidden())),
                            weights.linear(layer + "output.dense", config.hidden(), width)),
                    weights.norm(layer + "output.LayerNorm")));
        }
    }

    /**
     * Loads a Hugging Face folder into memory that belongs to the open scope.
     *
     * @param dtype element type of the parameters; null keeps the one of the file
     * @throws IllegalArgumentException if a file is damaged, the architecture is not supported, or tensors are missing
     *     or of another shape
     */
    public static Encoder load(Path folder, Device device, @Nullable DType dtype) throws IOException {
        EncoderConfig config = EncoderConfig.read(folder.resolve("config.json"));
        return new Encoder(config, new Weights(folder, Checkpoint.open(folder).files(), config, device, dtype));
    }

    /** The model's shape. */
    public EncoderConfig config() {
        return config;
    }

    /**
     * The hidden states of the last layer. Records no gradients.
     *
     * @param ids     {@code [batch, time]}, each below the vocabulary's size; rows shorter than {@code time} are filled
     *                up at their ends with any id
     * @param lengths how many ids of each row are its own; those behind them are not seen, and their hidden states mean
     *                nothing
     * @param compute element type of the computation, F32 or BF16
     * @return {@code [batch, time, width]}
     */
    public Tensor hidden(Tensor ids, int[] lengths, DType compute) {
        int time = Math.toIntExact(ids.size(1));
        if (time < 1 || time > config.context()) {
            throw new IllegalArgumentException("the model reads 1.." + config.context() + " tokens, not " + time);
        }
        if (lengths.length != ids.size(0)) {
            throw new IllegalArgumentException(ids.size(0) + " rows have " + lengths.length + " lengths");
        }
        for (int length : lengths) {
            if (length < 1 || length > time) {
                throw new IllegalArgumentException(
                        "a row of " + time + " ids has 1.." + time + " of its own, not " + length);
            }
        }
        try (Autograd.Mode mode = Autograd.noGrad()) {
            double scale = ModelConfigBuilder.usualScale(config.width() / config.heads());
            Tensor mask = AttentionMask.padding(lengths, time, compute, tokens.device());
            Attention attention =
                    new Attention(new AttentionOptions(scale, 0, null), mask, false, LayerOptions.UNLIMITED);
            Tensor positions =
                    Tensor.arange(config.firstPosition(), config.firstPosition() + time, DType.I64, tokens.device());
            Tensor embedded = Nn.embedding(tokens, ids).add(segment).add(Nn.embedding(positionTable, positions));
            Tensor hidden = embeddingNorm.apply(embedded.to(compute));
            for (Layer layer : layers) {
                hidden = layer.attentionNorm.apply(hidden.add(attend(layer, hidden, attention)));
                hidden = layer.mlpNorm.apply(hidden.add(layer.mlp.apply(hidden)));
            }
            return hidden;
        }
    }

    private Tensor attend(Layer layer, Tensor hidden, Attention attention) {
        Tensor attended = attention.attendBothWays(
                heads(layer.query.apply(hidden)), heads(layer.key.apply(hidden)), heads(layer.value.apply(hidden)));
        return layer.output.apply(attended.transpose(1, 2).reshape(hidden.shape()));
    }

    /** {@code [batch, time, width]} to {@code [batch, heads, time, width / heads]}. */
    private Tensor heads(Tensor projected) {
        return projected
                .reshape(projected.size(0), projected.size(1), config.heads(), config.width() / config.heads())
                .transpose(1, 2);
    }

    /** The tensors of a checkpoint under the names of the bare network. */
    private record Weights(
            Path folder,
            Map<String, SafetensorsFile> files,
            EncoderConfig config,
            Device device,
            @Nullable DType dtype) {

        Tensor table(String name, int rows) {
            return tensor(name + ".weight", rows, config.width());
        }

        Linear linear(String name, int inputs, int outputs) {
            return new Linear(tensor(name + ".weight", outputs, inputs), tensor(name + ".bias", outputs), false, null);
        }

        NormLayer norm(String name) {
            Tensor weight = tensor(name + ".weight", config.width());
            return new NormLayer(Norm.LAYER_NORM, weight, tensor(name + ".bias", config.width()), config.normEps());
        }

        /** Networks with a head put their own name first; BERT's original files call a norm's parameters by Greek letters. */
        private Tensor tensor(String name, long... shape) {
            String greek =
                    name.replace("LayerNorm.weight", "LayerNorm.gamma").replace("LayerNorm.bias", "LayerNorm.beta");
            for (String prefix : List.of("", "bert.", "roberta.")) {
                for (String stored : List.of(prefix + name, prefix + greek)) {
                    SafetensorsFile file = files.get(stored);
                    if (file != null) {
                        ModelFolder.requireUsable(file, stored, ParameterSpec.of(shape));
                        Tensor parameter = Tensor.empty(dtype == null ? file.dtype(stored) : dtype, device, shape);
                        file.copyTo(stored, parameter);
                        return parameter;
                    }
                }
            }
            throw new IllegalArgumentException(
                    folder + ": the checkpoint lacks " + name + ", which config.json asks for");
        }
    }
}
