package dev.mynah.train.recipe;

import dev.mynah.data.Message;
import dev.mynah.model.Transformer;
import dev.mynah.tensor.DType;
import dev.mynah.tensor.Device;
import dev.mynah.train.chat.ChatBase;
import dev.mynah.train.chat.ChatFormat;
import dev.mynah.train.chat.EncodedPrompt;
import dev.mynah.train.config.ModelSection;
import dev.mynah.train.config.PoetConfig;
import dev.mynah.train.ppo.Rollout;
import dev.mynah.train.ppo.Rollouts;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * A stage's model that answers prompts, each with one ordinary sample; its memory belongs to the open scope.
 *
 * @param base its folder
 * @param model its weights in fp32
 */
record Answerer(ChatBase base, Transformer model, ChatFormat format, Rollouts rollouts) {

    static Answerer open(Path folder, Device device, PoetConfig config, double temperature) throws IOException {
        return open(folder, device, config.seed(), config.maxTokens(), temperature);
    }

    static Answerer open(Path folder, Device device, long seed, int maxTokens, double temperature) throws IOException {
        ChatBase base = ChatBase.open(new ModelSection.Folder(folder, null), seed);
        Transformer model = base.load(device, DType.F32);
        ChatFormat format = base.format();
        return new Answerer(
                base,
                model,
                format,
                new Rollouts(
                        model,
                        base.tokenizer(),
                        Set.copyOf(base.generation().eosIds()),
                        format.endId(),
                        DType.F32,
                        base.context(),
                        maxTokens,
                        temperature));
    }

    EncodedPrompt encode(List<Message> prompt) {
        return new EncodedPrompt(prompt, format.prompt(prompt));
    }

    /** Whether the longest answer, and an end behind it, fits in the context behind a prompt. */
    boolean hasRoomFor(EncodedPrompt prompt) {
        return prompt.ids().length + rollouts.maxTokens() < base.context();
    }

    List<Rollout> answer(List<EncodedPrompt> prompts, long seed) throws IOException {
        return rollouts.answer(prompts, seed);
    }
}
