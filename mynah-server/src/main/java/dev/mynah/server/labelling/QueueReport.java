package dev.mynah.server.labelling;

import dev.mynah.server.labelling.LabellingRepository.Given;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** How far a queue is, and how far its people agree. Rankings are compared pair by pair: which of two answers is better, or neither. */
final class QueueReport {
    private final Queue queue;
    private final List<Task> tasks;
    private final Map<String, List<Given>> byTask;

    QueueReport(Queue queue, List<Task> tasks, List<Given> labels) {
        this.queue = queue;
        this.tasks = List.copyOf(tasks);
        byTask = labels.stream()
                .collect(Collectors.groupingBy(Given::taskId, LinkedHashMap::new, Collectors.toUnmodifiableList()));
    }

    /** @param kappa null where the two could not disagree */
    record Pair(
            String first,
            String second,
            int comparisons,
            @Nullable Double kappa) {}

    /**
     * Figures for those who run the queue.
     *
     * @param done        tasks with all labels that they need, or a verdict
     * @param fleissKappa over comparisons that all needed people made
     * @param alpha       Krippendorff's, nominal, over all comparisons
     * @param rankAlpha   Krippendorff's, ordinal, over the places of answers
     */
    record Figures(
            int tasks,
            int done,
            int flagged,
            int skipped,
            int disputed,
            @Nullable Double fleissKappa,
            @Nullable Double alpha,
            @Nullable Double rankAlpha,
            List<Pair> pairs) {
        Figures {
            pairs = List.copyOf(pairs);
        }
    }

    Figures figures() {
        List<List<Integer>> comparisons = new ArrayList<>();
        List<List<Integer>> places = new ArrayList<>();
        for (Task task : tasks) {
            List<Label> labels = done(task);
            comparisons.addAll(comparisons(task, labels));
            for (int answer = 0; answer < task.answers().size(); answer++) {
                int at = answer;
                places.add(labels.stream().map(label -> label.places().get(at)).toList());
            }
        }
        int[][] counts = comparisons.stream()
                .filter(unit -> unit.size() == queue.labelsPerTask() && unit.size() > 1)
                .map(QueueReport::counts)
                .toArray(int[][]::new);
        return new Figures(
                tasks.size(),
                (int) tasks.stream().filter(this::isDone).count(),
                count("flagged"),
                count("skipped"),
                disputes().size(),
                orNull(Agreement.fleissKappa(counts)),
                orNull(Agreement.krippendorffsAlpha(comparisons, Agreement.Scale.NOMINAL)),
                orNull(Agreement.krippendorffsAlpha(places, Agreement.Scale.ORDINAL)),
                pairs());
    }

    private static @Nullable Double orNull(OptionalDouble value) {
        return value.isPresent() ? value.getAsDouble() : null;
    }

    private int count(String state) {
        return (int) byTask.values().stream()
                .flatMap(Collection::stream)
                .filter(given -> given.state().equals(state))
                .count();
    }

    private List<Given> givenFor(Task task) {
        return byTask.getOrDefault(task.id(), List.of());
    }

    /** The finished labels of a task. */
    List<Label> done(Task task) {
        return labels(givenFor(task));
    }

    private static List<Label> labels(List<Given> all) {
        List<Label> labels = new ArrayList<>();
        for (Given given : all) {
            if (given.label() != null) {
                labels.add(given.label());
            }
        }
        return labels;
    }

    boolean isDone(Task task) {
        return task.verdict() != null || done(task).size() >= queue.labelsPerTask();
    }

    /** A unit for each two answers of a task: -1 where the first is better, 1 where the second is, 0 for a tie. */
    private static List<List<Integer>> comparisons(Task task, List<Label> labels) {
        int answers = task.answers().size();
        return IntStream.range(0, answers)
                .boxed()
                .flatMap(i -> IntStream.range(i + 1, answers)
                        .mapToObj(j -> labels.stream()
                                .map(label -> Integer.compare(
                                        label.places().get(i), label.places().get(j)))
                                .toList()))
                .toList();
    }

    private static int[] counts(List<Integer> unit) {
        int[] counts = new int[3];
        unit.forEach(value -> counts[value + 1]++);
        return counts;
    }

    private List<Pair> pairs() {
        Map<String, List<int[]>> ratings = new TreeMap<>();
        Map<String, List<String>> names = new TreeMap<>();
        for (Task task : tasks) {
            List<Given> given = givenFor(task).stream()
                    .filter(one -> one.label() != null && !task.answers().isEmpty())
                    .toList();
            for (Given first : given) {
                for (Given second : given) {
                    if (first.userId().compareTo(second.userId()) < 0) {
                        String key = first.userId() + " " + second.userId();
                        names.put(key, List.of(first.name(), second.name()));
                        comparisons(task, labels(List.of(first, second)))
                                .forEach(unit -> ratings.computeIfAbsent(key, k -> new ArrayList<>())
                                        .add(new int[] {unit.get(0), unit.get(1)}));
                    }
                }
            }
        }
        return ratings.entrySet().stream()
                .map(entry -> new Pair(
                        names.getOrDefault(entry.getKey(), List.of("", "")).get(0),
                        names.getOrDefault(entry.getKey(), List.of("", "")).get(1),
                        entry.getValue().size(),
                        orNull(Agreement.cohensKappa(entry.getValue()))))
                .toList();
    }

    /** A task that needs a verdict, with what was made of it. */
    record Dispute(Task task, List<Given> labels) {
        Dispute {
            labels = List.copyOf(labels);
        }
    }

    /** Tasks without a verdict that somebody flagged, or that were labelled differently. */
    List<Dispute> disputes() {
        return tasks.stream()
                .filter(task -> task.verdict() == null && isDisputed(task))
                .map(task -> new Dispute(task, givenFor(task)))
                .toList();
    }

    private boolean isDisputed(Task task) {
        Set<Label> different = new HashSet<>(done(task));
        return different.size() > 1
                || givenFor(task).stream().anyMatch(given -> given.state().equals("flagged"));
    }

    /** The places of a task's answers by its verdict, else by the sum of the places that they were given; the same sum is a tie. */
    static List<Integer> ranks(Task task, List<Label> labels) {
        if (task.verdict() != null) {
            return task.verdict().places();
        }
        List<Integer> sums = IntStream.range(0, task.answers().size())
                .mapToObj(answer -> labels.stream()
                        .mapToInt(label -> label.places().get(answer))
                        .sum())
                .toList();
        List<Integer> distinct = sums.stream().distinct().sorted().toList();
        return sums.stream().map(sum -> distinct.indexOf(sum) + 1).toList();
    }
}
