package dev.mynah.train.recipe;

import dev.mynah.tensor.Device;
import dev.mynah.tensor.Scope;
import dev.mynah.train.chat.EncodedPrompt;
import dev.mynah.train.config.PoetConfig;
import dev.mynah.train.poet.Demonstration;
import dev.mynah.train.poet.PoemChecker;
import dev.mynah.train.poet.PoemRequest;
import dev.mynah.train.poet.PoemVerdict;
import dev.mynah.train.poet.PoetFiles;
import dev.mynah.train.ppo.Rollout;
import dev.mynah.train.run.Monitor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Demonstrations that a model wrote itself, by rejection sampling (Llama 2, Touvron et al. 2023, section 3.2.3): where one of a few answers keeps all rules and is varied, it stands in for the corpus's. They are easier to learn than
 * masters' poems, since a model of the same size has written them, and keep the theme more often.
 */
record OwnAnswers(Path model, PoemChecker checker, Device device, PoetConfig config, Monitor monitor) {

    /** Answers to a prompt, until one keeps all rules. */
    private static final int TRIES = 3;

    /** Prompts that are answered before the next progress is told. */
    private static final int AT_ONCE = 2048;

    /** Writes {@code demonstrations}, with the model's answers where they are good enough, unless the file is there. */
    void make(Path file, List<Demonstration> demonstrations) throws IOException {
        if (Files.exists(file)) {
            return;
        }
        List<Demonstration> result = new ArrayList<>(demonstrations);
        try (Scope scope = Scope.open()) {
            Answerer answerer = Answerer.open(model, device, config, config.temperature());
            List<Open> open = new ArrayList<>();
            for (int i = 0; i < result.size(); i++) {
                PoemRequest request = result.get(i).request();
                if (request != null) {
                    EncodedPrompt prompt = answerer.encode(PoetFiles.prompt(result.get(i)));
                    if (answerer.hasRoomFor(prompt)) {
                        open.add(new Open(i, request, prompt));
                    }
                }
            }
            for (int attempt = 0; attempt < TRIES; attempt++) {
                open = answered(answerer, attempt, open, result);
            }
        }
        PoetFiles.write(file, result);
    }

    /** A demonstration, by its index, whose answer is still the corpus's. */
    private record Open(int index, PoemRequest request, EncodedPrompt prompt) {}

    /** Asks once for each of the {@code open} ones; returns those that stay open. */
    private List<Open> answered(Answerer answerer, int attempt, List<Open> open, List<Demonstration> result)
            throws IOException {
        List<Open> left = new ArrayList<>();
        for (int from = 0; from < open.size(); from += AT_ONCE) {
            List<Open> asked = open.subList(from, Math.min(from + AT_ONCE, open.size()));
            List<EncodedPrompt> prompts = asked.stream().map(Open::prompt).toList();
            List<Rollout> answers = answerer.answer(prompts, config.seed() + (long) attempt * result.size() + from);
            for (int i = 0; i < answers.size(); i++) {
                Open one = asked.get(i);
                Rollout answer = answers.get(i);
                if (answer.ended() && isGood(answer.text(), one.request())) {
                    result.set(one.index(), result.get(one.index()).withAnswer(answer.text()));
                } else {
                    left.add(one);
                }
            }
            monitor.preparing("Answering, attempt " + (attempt + 1), from + asked.size(), open.size());
        }
        return left;
    }

    private boolean isGood(String answer, PoemRequest request) {
        PoemVerdict verdict = checker.check(answer, request);
        return verdict.all() && verdict.varied();
    }
}
