package dev.mynah.train.chat;

import dev.mynah.model.GenerationConfig;
import dev.mynah.model.ModelConfig;
import dev.mynah.model.ModelFolder;
import dev.mynah.model.Transformer;
import dev.mynah.tensor.Device;
import dev.mynah.tensor.Generator;
import dev.mynah.tensor.Scope;
import dev.mynah.text.BpeTokenizer;
import dev.mynah.text.BpeTrainer;
import dev.mynah.text.Pretokenizer;
import dev.mynah.text.TokenizerConfig;
import dev.mynah.text.chat.MynahChat;
import dev.mynah.train.Datasets;
import dev.mynah.train.RunOptions;
import dev.mynah.train.run.RunFiles;
import dev.mynah.train.run.StepLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A tiny model folder and tiny conversations, for tests of the stages that learn from them. */
public final class TinyChat {

    private TinyChat() {}

    /** A random llama with 64 positions; its tokenizer knows the special tokens of conversations or not. */
    public static Path model(Path folder, boolean withChatTokens) throws IOException {
        List<String> specials = new ArrayList<>(List.of("<|endoftext|>"));
        if (withChatTokens) {
            specials.addAll(MynahChat.SPECIAL_TOKENS);
        }
        BpeTokenizer tokenizer = new BpeTrainer(
                        Pretokenizer.named("cl100k"), 256 + specials.size() + 8, specials, 1, 1, false)
                .train(Stream.of("the snow the rain the wind the moon user assistant system"))
                .withConfig(new TokenizerConfig("<|endoftext|>", "<|endoftext|>", 0, null));
        ModelConfig config = ModelConfig.llama()
                .vocabSize(tokenizer.vocabSize())
                .context(64)
                .layers(2)
                .width(32)
                .heads(2)
                .build();
        try (Scope scope = Scope.open()) {
            Transformer model = Transformer.create(config, Device.CPU);
            model.init(new Generator(1));
            ModelFolder.save(folder, model, new GenerationConfig(tokenizer.bosId(), List.of(tokenizer.eosId())));
        }
        tokenizer.save(folder);
        return folder;
    }

    /** Questions for one of four words, and the answer that always belongs to it. */
    public static Path conversations(Path file, int count) throws IOException {
        String[] words = {"snow", "rain", "wind", "moon"};
        String[] answers = {"white", "wet", "fast", "round"};
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < count; i++) {
            lines.append(
                    "{\"messages\": [{\"role\": \"user\", \"content\": \"%d the %s\"}, {\"role\": \"assistant\", \"content\": \"%s\"}]}\n"
                            .formatted(i / 4, words[i % 4], answers[i % 4]));
        }
        return Files.writeString(file, lines);
    }

    /** Rankings of three answers to such questions: the right one, a short wrong one, a long wrong one. */
    public static Path rankings(Path file, int count) throws IOException {
        String[] words = {"snow", "rain", "wind", "moon"};
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < count; i++) {
            lines.append(
                    "{\"prompt\": \"%d the %s\", \"answers\": [\"good\", \"bad\", \"bad the bad\"], \"ranks\": [1, 2, 2]}\n"
                            .formatted(i, words[i % 4]));
        }
        return Files.writeString(file, lines);
    }

    /** A run in {@code out} on the CPU. */
    public static RunOptions options(Path out, boolean resume) {
        return new RunOptions(out, resume, Device.CPU, new Datasets(Path.of("../recipes/datasets.yaml"), null));
    }

    /** What metrics.jsonl says of a field, step by step. */
    public static List<Double> values(Path out, String field) throws IOException {
        List<Double> values = new ArrayList<>();
        StepLog.forEach(new RunFiles(out).metrics(), line -> {
            if (line.has(field)) {
                values.add(line.get(field).asDouble());
            }
        });
        return values;
    }

    /** What metrics.jsonl says, without what depends on the clock. */
    public static List<String> metrics(Path out) throws IOException {
        List<String> lines = new ArrayList<>();
        StepLog.forEach(new RunFiles(out).metrics(), line -> {
            StringBuilder text = new StringBuilder();
            line.properties().forEach(field -> {
                if (!List.of("tok_s", "mfu", "time", "rollout_share").contains(field.getKey())) {
                    text.append(field).append(' ');
                }
            });
            lines.add(text.toString());
        });
        return lines;
    }
}
