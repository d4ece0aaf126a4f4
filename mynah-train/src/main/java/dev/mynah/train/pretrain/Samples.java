package dev.mynah.train.pretrain;

import dev.mynah.engine.SamplingOptions;
import dev.mynah.engine.TextGenerator;
import dev.mynah.model.Transformer;
import dev.mynah.tensor.DType;
import dev.mynah.text.Tokenizer;
import dev.mynah.train.config.TrainSection;
import dev.mynah.train.loop.Journal;
import dev.mynah.train.run.Sample;
import java.io.IOException;
import java.util.Set;

/** Texts that the model writes while it learns, from the same prompts and seed every time. */
final class Samples {

    private final TrainSection train;
    private final long seed;
    private final Tokenizer tokenizer;
    private final TextGenerator generator;

    Samples(TrainSection train, long seed, Transformer model, Tokenizer tokenizer, DType compute) {
        this.train = train;
        this.seed = seed;
        this.tokenizer = tokenizer;
        this.generator = new TextGenerator(model, tokenizer, Set.of(tokenizer.eosId()), compute);
    }

    void draw(int step, Journal journal) throws IOException {
        SamplingOptions options = SamplingOptions.builder()
                .maxTokens(train.sampleTokens())
                .temperature(train.sampleTemperature())
                .seed(seed)
                .build();
        for (String prompt : train.samplePrompts()) {
            String text = generator
                    .generate(tokenizer.encodeForModel(prompt), options, piece -> {})
                    .text();
            journal.sample(new Sample(step, prompt, text));
        }
    }
}
