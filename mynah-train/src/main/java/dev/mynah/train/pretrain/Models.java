package dev.mynah.train.pretrain;

import dev.mynah.model.ModelConfig;
import dev.mynah.model.ModelConfigBuilder;
import dev.mynah.model.ModelFolder;
import dev.mynah.model.Presets;
import dev.mynah.model.Transformer;
import dev.mynah.tensor.DType;
import dev.mynah.tensor.Device;
import dev.mynah.tensor.Generator;
import dev.mynah.train.config.ModelSection;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Turns the {@code model} section of a configuration into a network. */
final class Models {

    /** Weight, gradient and AdamW's two moments, each in fp32. */
    private static final int BYTES_A_PARAMETER = 16;

    private Models() {}

    /** The shape that the section asks for, with the tokenizer's vocabulary. */
    static ModelConfig shape(ModelSection section, int vocabSize) throws IOException {
        return switch (section) {
            case ModelSection.Depth depth -> Presets.depth(depth.depth(), vocabSize, depth.context());
            case ModelSection.Preset preset ->
                withContext(Presets.named(preset.preset()), preset.context()).toBuilder()
                        .vocabSize(vocabSize)
                        .build();
            case ModelSection.Folder folder -> existing(ModelFolder.config(folder.path()), folder, vocabSize);
            case ModelSection.Shape shape -> writtenOut(shape, vocabSize);
        };
    }

    private static ModelConfig existing(ModelConfig config, ModelSection.Folder folder, int vocabSize) {
        if (config.vocabSize() < vocabSize) {
            throw new IllegalArgumentException("the tokenizer has " + vocabSize + " tokens, but the model in "
                    + folder.path() + " has " + config.vocabSize());
        }
        return config;
    }

    private static ModelConfig withContext(ModelConfig config, @Nullable Integer context) {
        return context == null ? config : config.toBuilder().context(context).build();
    }

    private static ModelConfig writtenOut(ModelSection.Shape shape, int vocabSize) {
        boolean llama = shape.family() == ModelSection.Family.LLAMA;
        ModelConfigBuilder builder = (llama ? ModelConfig.llama() : ModelConfig.gpt2())
                .vocabSize(vocabSize)
                .context(shape.context())
                .layers(shape.layers())
                .width(shape.width())
                .heads(shape.heads());
        if (shape.kvHeads() != null) {
            builder.kvHeads(shape.kvHeads());
        }
        if (shape.headDim() != null) {
            builder.headDim(shape.headDim());
        }
        if (shape.hidden() != null) {
            builder.hidden(shape.hidden());
        }
        if (shape.ropeTheta() != null) {
            builder.ropeTheta(shape.ropeTheta());
        }
        if (shape.tieEmbeddings() != null) {
            builder.tiedEmbeddings(shape.tieEmbeddings());
        }
        if (llama) {
            builder.qkNorm(shape.qkNorm()).qkvBias(shape.qkvBias());
        }
        return builder.build();
    }

    /**
     * Refuses a model that cannot be trained in this machine's memory, before anything is done for it.
     *
     * @param memoryBytes physical memory, or null where it is not known
     */
    static void requireMemory(ModelConfig config, @Nullable Long memoryBytes) {
        long needed = config.parameterCount() * BYTES_A_PARAMETER;
        if (memoryBytes != null && needed > memoryBytes) {
            throw new IllegalArgumentException(
                    "training %,d parameters takes at least %,d MB (weights, gradients and two moments in fp32), this machine has %,d MB"
                            .formatted(config.parameterCount(), needed >> 20, memoryBytes >> 20));
        }
    }

    /** Tokens in a training sequence. */
    static int context(ModelSection section, ModelConfig config) {
        Integer context = section.context();
        if (context != null && context > config.context()) {
            throw new IllegalArgumentException("model.context is " + context + "; the model has " + config.context());
        }
        return context == null ? config.context() : context;
    }

    /** The network with fp32 weights that record gradients: new ones, or those of the folder that the section names. */
    static Transformer create(ModelSection section, ModelConfig config, Device device, long seed) throws IOException {
        Transformer model;
        if (section instanceof ModelSection.Folder folder) {
            model = ModelFolder.load(folder.path(), device, DType.F32);
        } else {
            model = Transformer.create(config, device);
            model.init(new Generator(seed));
        }
        model.parameters().values().forEach(parameter -> parameter.requiresGrad(true));
        return model;
    }
}
