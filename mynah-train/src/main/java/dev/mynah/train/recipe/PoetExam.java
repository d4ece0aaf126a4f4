package dev.mynah.train.recipe;

import dev.mynah.data.Message;
import dev.mynah.tensor.Autograd;
import dev.mynah.tensor.DType;
import dev.mynah.tensor.Device;
import dev.mynah.tensor.Scope;
import dev.mynah.train.chat.AnswerRows;
import dev.mynah.train.chat.EncodedPrompt;
import dev.mynah.train.config.PoetConfig;
import dev.mynah.train.objective.TokenLogProbs;
import dev.mynah.train.poet.Demonstration;
import dev.mynah.train.poet.Demonstration.Kind;
import dev.mynah.train.poet.Demonstrations;
import dev.mynah.train.poet.PoemChecker;
import dev.mynah.train.poet.PoemVerdict;
import dev.mynah.train.poet.PoetFiles;
import dev.mynah.train.poet.PoetRule;
import dev.mynah.train.ppo.Rollout;
import dev.mynah.train.reward.LearnedReward;
import dev.mynah.train.reward.RewardFunction;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Examines the poet on prompts that no stage has seen. */
final class PoetExam {

    private static final List<Kind> KINDS = List.of(Kind.POEM, Kind.FOLLOW_UP, Kind.HARM, Kind.TALK, Kind.AUTHORSHIP);
    private static final int EXAMPLES_OF_A_KIND = 3;
    private static final int ROWS_AT_ONCE = 8;

    private final List<Demonstration> questions = new ArrayList<>();
    private final PoemChecker checker;
    private final Path rewardModel;
    private final Device device;
    private final PoetConfig config;

    /** A question with the answer that was given. */
    private record Answered(Demonstration question, Rollout rollout, double reward) {
        String text() {
            return rollout.text();
        }
    }

    PoetExam(Demonstrations source, PoemChecker checker, Path rewardModel, Device device, PoetConfig config) {
        for (Kind kind : KINDS) {
            questions.addAll(source.heldOut(kind, config.exam(), config.seed() + 3));
        }
        this.checker = checker;
        this.rewardModel = rewardModel;
        this.device = device;
        this.config = config;
    }

    /**
     * Lets a model answer.
     *
     * @param reference what its divergence is measured from, or null for none
     * @param bestOf of so many answers to each question, the one that the reward model likes best counts
     */
    ExamResult take(String stage, Path model, @Nullable Path reference, int bestOf) throws IOException {
        try (Scope scope = Scope.open()) {
            Answerer answerer = Answerer.open(model, device, config, config.samplingTemperature());
            RewardFunction reward = LearnedReward.open(rewardModel, device, DType.F32);
            List<Answered> best = answers(answerer, reward, 0);
            for (int more = 1; more < bestOf; more++) {
                List<Answered> others = answers(answerer, reward, more);
                for (int i = 0; i < best.size(); i++) {
                    if (others.get(i).reward() > best.get(i).reward()) {
                        best.set(i, others.get(i));
                    }
                }
            }
            Double kl = reference == null ? null : kl(answerer, reference, best);
            return result(stage, best, kl);
        }
    }

    private List<Answered> answers(Answerer answerer, RewardFunction reward, int attempt) throws IOException {
        List<Demonstration> asked = new ArrayList<>();
        List<EncodedPrompt> prompts = new ArrayList<>();
        for (Demonstration question : questions) {
            EncodedPrompt prompt = answerer.encode(PoetFiles.prompt(question));
            if (answerer.hasRoomFor(prompt)) {
                asked.add(question);
                prompts.add(prompt);
            }
        }
        List<Rollout> rollouts = answerer.answer(prompts, config.seed() + attempt);
        List<Answered> answered = new ArrayList<>();
        double[] rewards = reward.rewards(IntStream.range(0, rollouts.size())
                .mapToObj(i -> new RewardFunction.Answer(
                        prompts.get(i).messages(), rollouts.get(i).text()))
                .toList());
        for (int i = 0; i < rewards.length; i++) {
            answered.add(new Answered(asked.get(i), rollouts.get(i), rewards[i]));
        }
        return answered;
    }

    private double kl(Answerer answerer, Path reference, List<Answered> answers) throws IOException {
        Answerer held = Answerer.open(reference, device, config, config.samplingTemperature());
        double nats = 0;
        for (int from = 0; from < answers.size(); from += ROWS_AT_ONCE) {
            try (Scope scope = Scope.open();
                    Autograd.Mode mode = Autograd.noGrad()) {
                AnswerRows rows = Rollout.answerRows(
                        answers.subList(from, Math.min(from + ROWS_AT_ONCE, answers.size())).stream()
                                .map(Answered::rollout)
                                .toList(),
                        answerer.base().padId());
                nats += logProb(answerer, rows) - logProb(held, rows);
            }
        }
        return nats / answers.size();
    }

    private double logProb(Answerer answerer, AnswerRows rows) {
        return TokenLogProbs.of(
                        answerer.model(),
                        rows.hidden(answerer.model(), DType.F32),
                        rows.targets().to(device),
                        config.samplingTemperature())
                .sum()
                .item();
    }

    private ExamResult result(String stage, List<Answered> answers, @Nullable Double kl) {
        List<Answered> poems = of(Kind.POEM, answers);
        List<PoemVerdict> verdicts = verdicts(poems);
        return new ExamResult(
                stage,
                share(verdicts, PoemVerdict::form),
                share(verdicts, PoemVerdict::rhyme),
                share(verdicts, PoemVerdict::theme),
                share(verdicts, verdict -> !verdict.original()),
                share(verdicts, PoemVerdict::all),
                share(verdicts, PoemVerdict::varied),
                share(verdicts(of(Kind.FOLLOW_UP, answers)), PoemVerdict::all),
                share(of(Kind.HARM, answers), answer -> PoetRule.isRefusal(answer.text())),
                share(
                        answers.stream()
                                .filter(a -> a.question().kind() != Kind.HARM)
                                .toList(),
                        answer -> PoetRule.isRefusal(answer.text())),
                distinct2(poems),
                answers.stream().mapToDouble(Answered::reward).average().orElse(0),
                kl,
                KINDS.stream()
                        .flatMap(kind -> of(kind, answers).stream().limit(EXAMPLES_OF_A_KIND))
                        .map(PoetExam::example)
                        .toList());
    }

    private static ExamResult.Example example(Answered answered) {
        String asked = PoetFiles.prompt(answered.question()).stream()
                .map(Message::content)
                .collect(Collectors.joining("\n"));
        return new ExamResult.Example(asked, answered.text());
    }

    private static List<Answered> of(Kind kind, List<Answered> answers) {
        return answers.stream()
                .filter(answer -> answer.question().kind() == kind)
                .toList();
    }

    private List<PoemVerdict> verdicts(List<Answered> answers) {
        List<PoemVerdict> verdicts = new ArrayList<>();
        for (Answered answer : answers) {
            if (answer.question().request() != null) {
                verdicts.add(checker.check(answer.text(), answer.question().request()));
            }
        }
        return verdicts;
    }

    private static <T> double share(List<T> items, Predicate<T> counts) {
        return items.isEmpty() ? 0 : (double) items.stream().filter(counts).count() / items.size();
    }

    private static double distinct2(List<Answered> poems) {
        Set<String> pairs = new HashSet<>();
        int all = 0;
        for (Answered poem : poems) {
            int[] characters =
                    poem.text().codePoints().filter(Character::isIdeographic).toArray();
            IntStream.range(1, characters.length).forEach(i -> pairs.add(new String(characters, i - 1, 2)));
            all += Math.max(0, characters.length - 1);
        }
        return all == 0 ? 0 : (double) pairs.size() / all;
    }
}
