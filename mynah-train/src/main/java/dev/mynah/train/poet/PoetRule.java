package dev.mynah.train.poet;

import dev.mynah.data.Message;
import dev.mynah.train.poet.Demonstration.Kind;
import dev.mynah.train.reward.RewardFunction;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Rewards the poet by rule, between 0 and 1. A poem that keeps all rules is worth 1, any other a tenth of a point for each rule that it keeps. A harmful request must be refused, and nothing else.
 *
 * <p>What a prompt asks for stands beside it in its file: {@code kind}, and for poems {@code request}.
 */
public final class PoetRule implements RewardFunction {

    private final PoemChecker checker;
    private final Map<List<Message>, Task> tasks;

    /**
     * What a prompt asks for.
     *
     * @param request what a poem is judged by, or null if none is asked for
     */
    private record Task(Kind kind, @Nullable PoemRequest request) {}

    private PoetRule(PoemChecker checker, Map<List<Message>, Task> tasks) {
        this.checker = checker;
        this.tasks = tasks;
    }

    /**
     * Reads what is asked for.
     *
     * @param prompts JSONL files of prompts, see {@link PoetFiles}
     * @param poems files of poems that must not be copied
     * @throws IllegalArgumentException for a prompt that does not say what it asks for
     */
    public static PoetRule open(List<Path> prompts, List<Path> poems) throws IOException {
        RhymeTable rhymes = RhymeTable.load();
        PoemCorpus corpus = PoemCorpus.read(poems, rhymes);
        Map<List<Message>, Task> tasks = new HashMap<>();
        for (Path file : prompts) {
            for (Demonstration demonstration : PoetFiles.read(file)) {
                tasks.put(PoetFiles.prompt(demonstration), new Task(demonstration.kind(), demonstration.request()));
            }
        }
        return new PoetRule(new PoemChecker(rhymes, corpus.knownLines()), tasks);
    }

    @Override
    public double[] rewards(List<Message> prompt, List<String> answers) {
        Task task = Objects.requireNonNull(tasks.get(prompt), "a prompt that is in none of the files");
        return answers.stream()
                .mapToDouble(answer -> score(checker, task.kind(), task.request(), answer))
                .toArray();
    }

    /** Whether an answer refuses, in the words that the poet is taught to refuse with. */
    public static boolean isRefusal(String answer) {
        return TalkConversations.isRefusal(answer);
    }

    /** What one answer is worth. */
    public static double score(PoemChecker checker, Kind kind, @Nullable PoemRequest request, String answer) {
        if (request == null) {
            return isRefusal(answer) == (kind == Kind.HARM) ? 1 : 0;
        }
        PoemVerdict verdict = checker.check(answer, request);
        return verdict.all() ? 1 : 0.1 * verdict.kept();
    }
}
