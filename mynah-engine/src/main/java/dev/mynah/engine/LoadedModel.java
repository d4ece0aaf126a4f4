package dev.mynah.engine;

import dev.mynah.model.ModelFolder;
import dev.mynah.model.Transformer;
import dev.mynah.model.gguf.GgufFile;
import dev.mynah.model.gguf.GgufModel;
import dev.mynah.model.weights.Weights;
import dev.mynah.tensor.DType;
import dev.mynah.tensor.Device;
import dev.mynah.text.Tokenizers;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A model as a {@link Transformer}, with all that its folder says.
 *
 * @param compute element type to compute in: that of the parameters
 */
public record LoadedModel(Transformer model, TextCodec text, DType compute) {

    /**
     * Opens a folder in the Hugging Face layout, or a {@code .gguf} file. The memory belongs to the open scope; on the CPU the parameters of a folder stay in the mapped file where their
     * element type can be computed in, those of a GGUF file are decoded.
     *
     * @throws IllegalArgumentException if a file is damaged, or not supported
     */
    public static LoadedModel open(Path path, Device device) throws IOException {
        if (!GgufFile.isNamedSo(path)) {
            return of(model(path, device), TextCodec.of(Tokenizers.load(path), ModelFolder.generation(path)));
        }
        try (GgufModel gguf = GgufModel.open(path)) {
            TextCodec text = TextCodec.of(gguf.tokenizer(), gguf.generation());
            DType compute = gguf.isHalfPrecision() ? DType.BF16 : DType.F32;
            return of(Weights.load(gguf, device, compute), text);
        }
    }

    private static LoadedModel of(Transformer model, TextCodec text) {
        return new LoadedModel(model, text, dtype(model));
    }

    private static Transformer model(Path folder, Device device) throws IOException {
        Transformer mapped = ModelFolder.map(folder);
        DType stored = dtype(mapped);
        DType compute = stored == DType.BF16 ? DType.BF16 : DType.F32;
        boolean usable = !device.isCuda() && stored == compute;
        return usable ? mapped : ModelFolder.load(folder, device, compute);
    }

    private static DType dtype(Transformer model) {
        return model.parameters().firstEntry().getValue().dtype();
    }

    /** Scores texts with this model. */
    public Scorer scorer() {
        return new Scorer(model, text.tokenizer(), compute);
    }
}
