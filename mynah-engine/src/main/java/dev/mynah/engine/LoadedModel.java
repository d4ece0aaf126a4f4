package dev.mynah.engine;

import dev.mynah.model.GenerationConfig;
import dev.mynah.model.ModelFolder;
import dev.mynah.model.Transformer;
import dev.mynah.model.gguf.GgufFile;
import dev.mynah.model.gguf.GgufModel;
import dev.mynah.model.weights.Weights;
import dev.mynah.tensor.DType;
import dev.mynah.tensor.Device;
import dev.mynah.text.Tokenizer;
import dev.mynah.text.Tokenizers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * A model ready for use, with all that its folder says.
 *
 * @param beginId the token that begins a text, or -1 for none
 * @param endIds  the tokens that end one
 * @param compute element type to compute in: that of the parameters
 */
public record LoadedModel(Transformer model, Tokenizer tokenizer, int beginId, Set<Integer> endIds, DType compute) {

    public LoadedModel {
        endIds = Set.copyOf(endIds);
    }

    /**
     * Opens a folder in the Hugging Face layout, or a {@code .gguf} file. The memory belongs to the open scope; on the CPU the parameters of a folder stay in the mapped file where their
     * element type can be computed in, those of a GGUF file are decoded.
     *
     * @throws IllegalArgumentException if a file is damaged, or not supported
     */
    public static LoadedModel open(Path path, Device device) throws IOException {
        if (!GgufFile.isNamedSo(path)) {
            return of(model(path, device), Tokenizers.load(path), ModelFolder.generation(path));
        }
        try (GgufModel gguf = GgufModel.open(path)) {
            Tokenizer tokenizer = gguf.tokenizer();
            DType compute = gguf.isHalfPrecision() ? DType.BF16 : DType.F32;
            return of(Weights.load(gguf, device, compute), tokenizer, gguf.generation());
        }
    }

    private static LoadedModel of(Transformer model, Tokenizer tokenizer, GenerationConfig generation) {
        int beginId = generation.bosId() >= 0 ? generation.bosId() : tokenizer.bosId();
        Set<Integer> endIds = new LinkedHashSet<>(generation.eosIds());
        if (endIds.isEmpty() && tokenizer.eosId() >= 0) {
            endIds.add(tokenizer.eosId());
        }
        return new LoadedModel(model, tokenizer, beginId, endIds, dtype(model));
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

    /**
     * The tokens of a text to go on from: as the tokenizer's post-processor gives them, and for the empty text the token that begins one.
     *
     * @throws IllegalArgumentException if the text is empty and the model has no such token
     */
    public int[] prompt(String text) {
        int[] ids = tokenizer.encodeForModel(text);
        if (ids.length > 0) {
            return ids;
        }
        if (beginId < 0) {
            throw new IllegalArgumentException(
                    "the prompt is empty, and the model names no token that begins a text (bos_token_id)");
        }
        return new int[] {beginId};
    }

    /** Continues texts with this model. */
    public TextGenerator generator() {
        return new TextGenerator(model, tokenizer, endIds, compute);
    }

    /** Scores texts with this model. */
    public Scorer scorer() {
        return new Scorer(model, tokenizer, compute);
    }
}
