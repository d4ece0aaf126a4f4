package dev.mynah.train.chat;

import dev.mynah.model.GenerationConfig;
import dev.mynah.model.ModelConfig;
import dev.mynah.model.ModelFolder;
import dev.mynah.model.Transformer;
import dev.mynah.tensor.DType;
import dev.mynah.tensor.Device;
import dev.mynah.tensor.Generator;
import dev.mynah.text.BpeTokenizer;
import dev.mynah.text.Tokenizer;
import dev.mynah.text.TokenizerConfig;
import dev.mynah.text.Tokenizers;
import dev.mynah.text.chat.MynahChat;
import dev.mynah.train.config.ModelSection;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;

/**
 * A model folder that a chat stage starts from, made ready for conversations: where it has no chat template it gets {@link MynahChat}'s; special tokens that its tokenizer lacks are added, and
 * the model gets rows for them.
 *
 * @param path the folder
 * @param tokenizer with the special tokens and a chat template
 * @param generation what begins and ends a text of the tuned model: the end of a turn too
 * @param shape the model's shape, the new tokens included
 * @param context tokens in a training sequence
 * @param grown whether the model in {@code path} has fewer tokens than {@code shape}
 * @param seed of the new rows
 */
public record ChatBase(
        Path path,
        Tokenizer tokenizer,
        GenerationConfig generation,
        ModelConfig shape,
        int context,
        boolean grown,
        long seed) {

    /**
     * Reads what a folder says of its model; the weights stay where they are.
     *
     * @throws IllegalArgumentException if the folder holds no model, or {@code section} asks for a longer context than it has
     */
    public static ChatBase open(ModelSection.Folder section, long seed) throws IOException {
        Path path = section.path();
        ModelConfig config = ModelFolder.config(path);
        Tokenizer tokenizer = readyForChat(Tokenizers.load(path));
        int vocabSize = Math.max(config.vocabSize(), tokenizer.vocabSize());
        Integer context = section.context();
        if (context != null && context > config.context()) {
            throw new IllegalArgumentException("model.context is " + context + "; the model has " + config.context());
        }
        GenerationConfig generation = ModelFolder.generation(path);
        SequencedSet<Integer> ends = new LinkedHashSet<>();
        ends.add(new ChatFormat(tokenizer).endId());
        ends.addAll(generation.eosIds());
        return new ChatBase(
                path,
                tokenizer,
                new GenerationConfig(generation.bosId(), new ArrayList<>(ends), generation.sampling()),
                config.toBuilder().vocabSize(vocabSize).build(),
                context == null ? config.context() : context,
                vocabSize > config.vocabSize(),
                seed);
    }

    /** A tokenizer without a chat template gets Mynah's own, and its special tokens. */
    private static Tokenizer readyForChat(Tokenizer tokenizer) {
        TokenizerConfig config = tokenizer.config();
        if (config.chatTemplate() != null) {
            return tokenizer;
        }
        if (!(tokenizer instanceof BpeTokenizer byteLevel)) {
            throw new IllegalArgumentException(
                    "the model has no chat template, and one can be added to a byte-level tokenizer only");
        }
        return byteLevel
                .withSpecialTokens(MynahChat.SPECIAL_TOKENS)
                .withConfig(new TokenizerConfig(
                        config.bosToken(), config.eosToken(), config.modelMaxLength(), MynahChat.template()));
    }

    /** How conversations become tokens. */
    public ChatFormat format() {
        return new ChatFormat(tokenizer);
    }

    /** A token for places that nothing is learned from. */
    public int padId() {
        return tokenizer.eosId() >= 0 ? tokenizer.eosId() : format().endId();
    }

    /**
     * Loads the model, with a row for each new token.
     *
     * @param dtype element type of the parameters; null keeps the one of the file
     */
    public Transformer load(Device device, @Nullable DType dtype) throws IOException {
        Transformer model = ModelFolder.load(path, device, dtype);
        return grown ? model.withVocabulary(shape.vocabSize(), new Generator(seed)) : model;
    }
}
