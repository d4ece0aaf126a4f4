package dev.mynah.train.loop;

import dev.mynah.engine.SamplingOptions;
import dev.mynah.engine.TextGenerator;
import dev.mynah.train.config.TrainSection;
import dev.mynah.train.run.Sample;
import java.io.IOException;
import java.util.function.Function;

/** Texts that the model writes while it learns, from the same prompts and seed every time. */
public final class Samples {

    private final TrainSection train;
    private final long seed;
    private final TextGenerator generator;
    private final Function<String, int[]> encode;

    /**
     * @param train says what is asked for, how long and at which temperature
     * @param encode makes the tokens to go on from of a prompt
     */
    public Samples(TrainSection train, long seed, TextGenerator generator, Function<String, int[]> encode) {
        this.train = train;
        this.seed = seed;
        this.generator = generator;
        this.encode = encode;
    }

    /** Writes a text to each prompt of the configuration. */
    public void draw(int step, Journal journal) throws IOException {
        SamplingOptions options = SamplingOptions.builder()
                .maxTokens(train.sampleTokens())
                .temperature(train.sampleTemperature())
                .seed(seed)
                .build();
        for (String prompt : train.samplePrompts()) {
            String text = generator.generate(encode.apply(prompt), options).text();
            journal.sample(new Sample(step, prompt, text));
        }
    }
}
