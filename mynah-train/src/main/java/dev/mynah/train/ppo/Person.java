package dev.mynah.train.ppo;

import dev.mynah.data.Message;
import dev.mynah.train.ppo.Scores.Score;
import dev.mynah.train.run.StepLine;
import dev.mynah.train.run.StepLog;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Judges by asking somebody, and writes down each number as it is given: a run that was broken off repeats its answers, and nobody is asked about the same one twice. */
final class Person implements Judge, Closeable {

    private final Feedback feedback;
    private final Map<Line, Deque<Double>> known = new HashMap<>();
    private final StepLog log;

    /** What was asked, as a line of the file and without its value. */
    private record Line(int step, String prompt, String answer, double value) implements StepLine {
        Line asked() {
            return new Line(step, prompt, answer, 0);
        }
    }

    private Person(Feedback feedback, StepLog log) {
        this.feedback = feedback;
        this.log = log;
    }

    /** Asks {@code feedback} for what is not yet in {@code file}, a file of JSON lines. */
    static Person open(Feedback feedback, Path file) throws IOException {
        StepLog.cutBackTo(file, Integer.MAX_VALUE); // Only a line that a power cut has broken.
        Person person = new Person(feedback, StepLog.append(file));
        StepLog.forEach(file, json -> {
            Line line = new Line(
                    json.path("step").asInt(),
                    json.path("prompt").asString(""),
                    json.path("answer").asString(""),
                    json.path("value").asDouble());
            person.known.computeIfAbsent(line.asked(), _ -> new ArrayDeque<>()).add(line.value());
        });
        return person;
    }

    @Override
    public List<Score> of(int step, List<Rollout> rollouts) throws IOException {
        List<Score> scores = new ArrayList<>();
        for (Rollout rollout : rollouts) {
            scores.add(of(step, rollout));
        }
        return scores;
    }

    private Score of(int step, Rollout rollout) throws IOException {
        String prompt = rollout.messages().stream().map(Message::content).collect(Collectors.joining("\n"));
        Line asked = new Line(step, prompt, rollout.text(), 0);
        Deque<Double> before = known.get(asked);
        if (before != null && !before.isEmpty()) {
            return Score.atTheEnd(before.removeFirst(), rollout.length());
        }
        double value = feedback.of(List.copyOf(rollout.messages()), rollout.text());
        if (!(Math.abs(value) <= 1)) {
            throw new IllegalArgumentException("feedback is " + value + "; it takes a number from -1 to 1");
        }
        log.append(new Line(step, prompt, rollout.text(), value));
        return Score.atTheEnd(value, rollout.length());
    }

    @Override
    public void close() throws IOException {
        log.close();
    }
}
