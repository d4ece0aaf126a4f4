package dev.mynah.train.chat;

import dev.mynah.model.Lora;
import dev.mynah.model.LoraConfig;
import dev.mynah.model.LoraFolder;
import dev.mynah.model.Transformer;
import dev.mynah.tensor.DType;
import dev.mynah.tensor.Device;
import dev.mynah.tensor.Generator;
import dev.mynah.tensor.Scope;
import dev.mynah.tensor.Tensor;
import dev.mynah.train.config.LoraSection;
import dev.mynah.train.loop.TrainedModel;
import dev.mynah.train.loop.Weights;
import dev.mynah.train.run.RunFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/** An adapter is trained in fp32; the base is frozen, in the element type of the computation. */
record LoraTuning(ChatBase base, Transformer model, Lora lora) implements Tuning {

    static LoraTuning load(ChatBase base, LoraSection section, Device device, DType compute, long seed)
            throws IOException {
        List<String> targets =
                section.targets().isEmpty() ? List.copyOf(LoraConfig.layersOf(base.shape())) : section.targets();
        LoraConfig config = new LoraConfig(section.rank(), section.alpha(), section.dropout(), targets);
        Lora lora = Lora.create(base.shape(), config, device, new Generator(seed));
        lora.parameters().values().forEach(parameter -> parameter.requiresGrad(true));
        return new LoraTuning(base, base.load(device, compute).with(lora), lora);
    }

    @Override
    public SequencedMap<String, Tensor> parameters() {
        return lora.parameters();
    }

    @Override
    public void dropBy(@Nullable Generator generator) {
        lora.dropBy(generator);
    }

    @Override
    public void save(Path folder) throws IOException {
        LoraFolder.save(folder, lora, model, base.path().toString(), base.grown());
    }

    @Override
    public void restore(Path folder) throws IOException {
        try (Scope scope = Scope.open()) {
            Lora saved = LoraFolder.load(folder, base.shape(), Device.CPU);
            if (!saved.config().equals(lora.config())) {
                throw new IllegalArgumentException(
                        folder + " is of another adapter: " + saved.config() + " instead of " + lora.config());
            }
            Weights.copy(saved.parameters(), lora.parameters());
        }
    }

    /** The merged model keeps the element type of the base. */
    @Override
    public void saveResult(RunFiles files) throws IOException {
        save(files.adapter());
        try (Scope scope = Scope.open()) {
            Transformer merged = base.load(Device.CPU, null);
            lora.mergeInto(merged);
            new TrainedModel(merged, base.tokenizer(), base.generation()).save(files.model());
        }
    }
}
