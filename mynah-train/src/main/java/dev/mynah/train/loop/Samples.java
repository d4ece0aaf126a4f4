package dev.mynah.train.loop;

import dev.mynah.engine.SamplingOptions;
import dev.mynah.engine.TextGenerator;
import dev.mynah.train.config.TrainSection;
import dev.mynah.train.run.Sample;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Texts that the model writes while it learns, from the same prompts and seed every time. */
public final class Samples {

    private final TrainSection train;
    private final long seed;
    private final TextGenerator generator;
    private final List<Asked> asked = new ArrayList<>();

    /** A prompt in tokens. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Asked(String prompt, int[] ids) {}

    /**
     * @param train says what is asked for, how long and at which temperature
     * @param context tokens that the model takes
     * @param encode makes the tokens to go on from of a prompt
     * @throws IllegalArgumentException for a prompt that makes none or more than the context holds, where samples are wanted at all
     */
    public Samples(
            TrainSection train, long seed, TextGenerator generator, int context, Function<String, int[]> encode) {
        this.train = train;
        this.seed = seed;
        this.generator = generator;
        for (String prompt : train.sampleEvery() > 0 ? train.samplePrompts() : List.<String>of()) {
            int[] ids = encode.apply(prompt);
            if (ids.length == 0 || ids.length > context) {
                throw new IllegalArgumentException("\"" + prompt + "\" of train.sample_prompts has " + ids.length
                        + " tokens; the model takes 1 to " + context);
            }
            asked.add(new Asked(prompt, ids));
        }
    }

    /** Writes a text to each prompt of the configuration. */
    public void draw(int step, Journal journal) throws IOException {
        SamplingOptions options = SamplingOptions.builder()
                .maxTokens(train.sampleTokens())
                .temperature(train.sampleTemperature())
                .seed(seed)
                .build();
        for (Asked one : asked) {
            String text = generator.generate(one.ids(), options).text();
            journal.sample(new Sample(step, one.prompt(), text));
        }
    }
}
