package dev.mynah.train.chat;

import dev.mynah.model.Transformer;
import dev.mynah.tensor.DType;
import dev.mynah.tensor.Device;
import dev.mynah.tensor.Generator;
import dev.mynah.tensor.Tensor;
import dev.mynah.train.loop.TrainedModel;
import dev.mynah.train.run.RunFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/** All weights are trained, in fp32. */
record FullTuning(TrainedModel trained) implements Tuning {

    static FullTuning load(ChatBase base, Device device) throws IOException {
        Transformer model = base.load(device, DType.F32);
        model.parameters().values().forEach(parameter -> parameter.requiresGrad(true));
        return new FullTuning(new TrainedModel(model, base.tokenizer(), base.generation()));
    }

    @Override
    public Transformer model() {
        return trained.model();
    }

    @Override
    public SequencedMap<String, Tensor> parameters() {
        return trained.model().parameters();
    }

    @Override
    public void dropBy(@Nullable Generator generator) {}

    @Override
    public void save(Path folder) throws IOException {
        trained.save(folder);
    }

    @Override
    public void restore(Path folder) throws IOException {
        trained.restore(folder);
    }

    @Override
    public void saveResult(RunFiles files) throws IOException {
        trained.save(files.model());
    }
}
