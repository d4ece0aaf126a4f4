package dev.mynah.train.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mynah.files.config.Config;
import dev.mynah.files.config.ConfigException;
import dev.mynah.files.config.ConfigReference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PretrainConfigTest {
    /** The example of the design, word for word. */
    private static final String EXAMPLE = """
            seed: 1
            tokenizer: {train: {vocab_size: 4096}}            # or {path: DIR-or-tokenizer.json}
            data:  {paths: [corpus.jsonl.gz], text_field: text, validation: 0.01}
            model: {family: llama, layers: 6, width: 384, heads: 6, kv_heads: 6, context: 256}
            train: {steps: 2000, batch: 16, micro_batch: 16, learning_rate: 1.0e-3, warmup_steps: 100, schedule: cosine,
                    dtype: bf16, eval_every: 200, sample_every: 200, checkpoint_every: 200}
            """;

    @TempDir
    Path folder;

    private PretrainConfig read(String yaml, String... overrides) throws IOException {
        Path file = folder.resolve("run.yaml");
        Files.writeString(file, yaml);
        return Config.read(PretrainConfig.class, file, List.of(overrides));
    }

    @Test
    void theExampleOfTheDesignIsRead() throws IOException {
        PretrainConfig config = read(EXAMPLE);
        assertThat(config.model()).isInstanceOfSatisfying(ModelSection.Shape.class, shape -> {
            assertThat(shape.width()).isEqualTo(384);
            assertThat(shape.context()).isEqualTo(256);
        });
        assertThat(config.train().learningRate()).isEqualTo(1e-3);
        assertThat(config.train().documentMask()).isTrue();
        assertThat(config.data().validationShare()).isEqualTo(0.01);
        assertThat(read(Config.toYaml(config))).isEqualTo(config);
    }

    @Test
    void dataPathsAreAllThatIsNeeded() throws IOException {
        PretrainConfig config = read("data: {paths: [a.txt]}");
        assertThat(config.model()).isEqualTo(new ModelSection.Depth(6, 512));
        assertThat(config.train().warmup()).isEqualTo(100);
        assertThat(Config.toYaml(config)).contains("warmup_steps: 100", "validation: 0.01", "test: 0.01");
        assertThat(config.train().samplePrompts()).containsExactly("");
        assertThat(read(Config.toYaml(config))).isEqualTo(config);
    }

    @Test
    void theNamedSplitsGiveTheirShares() throws IOException {
        DataSection classic =
                read("data: {paths: [a], split: classic, test: 0.1}").data();
        assertThat(classic.validationShare()).isEqualTo(0.2);
        assertThat(classic.testShare()).isEqualTo(0.1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            train.micro_batch=5             | train: batch 16 is not divisible by micro_batch 5
            train.warmup_steps=3000         | train: warmup_steps is 3000, more than steps 2000
            train.decay_steps=10            | train: decay_steps belongs to schedule wsd; schedule is cosine
            train={steps: 10, schedule: wsd, warmup_steps: 9} | warmup_steps 9 and decay_steps 2 add up to more than steps 10
            train.spike_factor=0.5          | train: spike_factor is 0.5; it takes a number above 1, or 0 for never
            train.dtype=fp16                | train.dtype is "fp16"; it takes one of fp32, bf16
            train.learning_rte=1            | train.learning_rte is not a known key; did you mean learning_rate?
            model.heads=5                   | model: width 384 is not divisible by heads 5 (and head_dim is not given)
            model.kv_heads=4                | model: heads 6 is not divisible by kv_heads 4
            model.head_dim=33               | model: the width of a head is 33; rotary positions need an even one
            model={layers: 2, width: 8, heads: 2, family: gpt2, qk_norm: true} | model: family gpt2 takes none of kv_heads
            model.depth=4                   | model needs exactly one of the keys layers, depth, preset, path; found layers and depth
            model={path: m}                 | model.path goes on with a trained model, which keeps its tokenizer: give tokenizer.path too
            data.paths=[]                   | data: paths is empty; it takes at least one file, folder or glob
            data.max_chars=0                | data.max_chars is "0"; it takes a whole number, at least 1
            tokenizer.path=x                | tokenizer needs exactly one of the keys train, path; found train and path
            tokenizer.train.vocab_size=257  | vocab_size is 257; 256 bytes and 3 special tokens need at least 259
            """)
    void valuesThatDoNotFitTogetherAreRefused(String override, String sentence) {
        assertThatThrownBy(() -> read(EXAMPLE, override))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(sentence);
    }

    @Test
    void everyKeyIsDocumentedAndEveryDefaultIsValid() {
        List<String> undocumented = new ArrayList<>();
        for (ConfigReference.Entry entry : ConfigReference.entries(PretrainConfig.class)) {
            if (entry.doc().isEmpty()) {
                undocumented.add(entry.path());
            }
        }
        assertThat(undocumented).isEmpty();
        for (String model : List.of("{layers: 1, width: 4, heads: 2}", "{depth: 2}", "{preset: gpt2}")) {
            Config.defaults(PretrainConfig.class, List.of("data.paths=[x]", "model=" + model));
        }
        assertThat(ConfigReference.markdown(PretrainConfig.class).lines()).hasSizeGreaterThan(70);
    }
}
