package dev.mynah.train.recipe;

import dev.mynah.files.DurableFiles;
import dev.mynah.tensor.Device;
import dev.mynah.tensor.Scope;
import dev.mynah.train.chat.EncodedPrompt;
import dev.mynah.train.config.PoetConfig;
import dev.mynah.train.poet.Demonstration;
import dev.mynah.train.poet.PoemChecker;
import dev.mynah.train.poet.PoetFiles;
import dev.mynah.train.poet.PoetRule;
import dev.mynah.train.ppo.Rollout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;

/** Makes rankings: answers of a model in the order of their score by rule. To every second prompt the demonstration's answer is added, which is better than all of them. */
final class PoetRankings {

    private PoetRankings() {}

    /** Writes {@link PoetData#rankings}, unless they are there. */
    static void make(PoetData data, Path model, PoemChecker checker, Device device, PoetConfig config)
            throws IOException {
        if (Files.exists(data.rankings())) {
            return;
        }
        List<Demonstration> demonstrations = PoetFiles.read(data.rankingPrompts());
        SplittableRandom random = new SplittableRandom(config.seed());
        List<String> lines = new ArrayList<>();
        try (Scope scope = Scope.open()) {
            Answerer answerer = Answerer.open(model, device, config, config.temperature());
            List<Demonstration> asked = new ArrayList<>();
            List<EncodedPrompt> prompts = new ArrayList<>();
            for (Demonstration demonstration : demonstrations) {
                EncodedPrompt prompt = answerer.encode(PoetFiles.prompt(demonstration));
                if (answerer.hasRoomFor(prompt)) {
                    for (int k = 0; k < config.answers(); k++) {
                        asked.add(demonstration);
                        prompts.add(prompt);
                    }
                }
            }
            List<Rollout> answers = answerer.answer(prompts, config.seed());
            for (int from = 0; from < answers.size(); from += config.answers()) {
                boolean withReal = random.nextBoolean();
                ranking(asked.get(from), answers.subList(from, from + config.answers()), withReal, checker, lines);
            }
        }
        DurableFiles.write(
                data.rankings(), lines.stream().map(line -> line + "\n").collect(Collectors.joining()));
    }

    private static void ranking(
            Demonstration demonstration,
            List<Rollout> answers,
            boolean withReal,
            PoemChecker checker,
            List<String> lines) {
        SequencedMap<String, Double> scores = new LinkedHashMap<>();
        for (Rollout answer : answers) {
            double score = PoetRule.score(checker, demonstration.kind(), demonstration.request(), answer.text());
            if (!answer.text().isBlank()) {
                scores.put(answer.text(), answer.ended() ? score : -1);
            }
        }
        if (withReal) {
            scores.put(demonstration.messages().getLast().content(), 2.0);
        }
        List<Double> falling = scores.values().stream()
                .distinct()
                .sorted((a, b) -> Double.compare(b, a))
                .toList();
        if (falling.size() < 2) {
            return;
        }
        Map<String, Object> record = new LinkedHashMap<>();
        record.put(
                "messages",
                demonstration.messages().subList(0, demonstration.messages().size() - 1));
        record.put("answers", List.copyOf(scores.keySet()));
        record.put(
                "ranks",
                scores.values().stream()
                        .map(score -> 1 + falling.indexOf(score))
                        .toList());
        lines.add(JsonMapper.shared().writeValueAsString(record));
    }
}
