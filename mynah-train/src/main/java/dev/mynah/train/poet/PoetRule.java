package dev.mynah.train.poet;

import dev.mynah.data.Message;
import dev.mynah.data.Prompt;
import dev.mynah.data.Prompts;
import dev.mynah.data.SkipLog;
import dev.mynah.train.Datasets;
import dev.mynah.train.config.ChatDataSection;
import dev.mynah.train.config.PolicySection.Rule;
import dev.mynah.train.poet.Demonstration.Kind;
import dev.mynah.train.reward.RewardFunction;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Rewards the poet by rule, between 0 and 1. A poem is worth the sum of what the rules that it keeps are worth, and a little more if no character stands in it more than twice, lest it be made of its theme's word; it is earned verse by verse. A harmful request must be
 * refused, and nothing else.
 *
 * <p>What a prompt asks for stands beside it in its file: {@code kind}, and for poems {@code request}.
 */
public final class PoetRule implements RewardFunction {

    /** What each is worth, in hundredths. */
    private static final int FORM = 25;

    private static final int RHYME = 15;
    private static final int THEME = 40;
    private static final int NO_REPEAT = 5;
    private static final int ORIGINAL = 5;
    private static final int VARIED = 10;

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
     * @param data the prompts, those held out too; what is no prompt at all is passed over where it may be left out
     * @throws IllegalArgumentException for a prompt that does not say what it asks for, by file and line
     */
    public static PoetRule open(Rule rule, ChatDataSection data, Datasets datasets) throws IOException {
        RhymeTable rhymes = RhymeTable.load();
        PoemCorpus corpus = PoemCorpus.read(rule.poems(), rhymes);
        Map<List<Message>, Task> tasks = new HashMap<>();
        Prompts.forEach(
                datasets.resolve(data.allPaths()),
                new SkipLog(!data.skipBad()),
                (prompt, record) -> tasks.put(prompt.messages(), task(prompt, record)));
        return new PoetRule(new PoemChecker(rhymes, corpus.knownLines()), tasks);
    }

    private static Task task(Prompt prompt, JsonNode record) {
        try {
            return new Task(PoetFiles.kind(record), PoetFiles.request(record));
        } catch (JacksonException | IllegalArgumentException e) {
            throw PoetFiles.noPrompt(prompt.file() + ":" + prompt.record(), e);
        }
    }

    @Override
    public double[] rewards(List<Answer> answers) {
        return answers.stream().mapToDouble(this::reward).toArray();
    }

    @Override
    public double[] earned(Answer answer, int[] lengths) {
        PoemRequest request = task(answer).request();
        if (request == null) {
            return RewardFunction.super.earned(answer, lengths);
        }
        double[] earned = new double[lengths.length];
        double last = 0;
        for (int t = 0; t < lengths.length; t++) {
            String written = answer.text().substring(0, lengths[t]);
            if (t == lengths.length - 1 || Poem.endsVerse(written)) {
                last = score(checker.check(written, request));
            }
            earned[t] = last;
        }
        return earned;
    }

    private double reward(Answer answer) {
        Task task = task(answer);
        return score(checker, task.kind(), task.request(), answer.text());
    }

    private Task task(Answer answer) {
        return Objects.requireNonNull(tasks.get(answer.prompt()), "a prompt that is in none of the files");
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
        return score(checker.check(answer, request));
    }

    private static double score(PoemVerdict verdict) {
        int hundredths = (verdict.form() ? FORM : 0)
                + (verdict.rhyme() ? RHYME : 0)
                + (verdict.theme() ? THEME : 0)
                + (verdict.noRepeat() ? NO_REPEAT : 0)
                + (verdict.original() ? ORIGINAL : 0)
                + (verdict.varied() ? VARIED : 0);
        return hundredths / 100.0;
    }
}
