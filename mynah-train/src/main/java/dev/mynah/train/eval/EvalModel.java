package dev.mynah.train.eval;

import dev.mynah.engine.Engine;
import dev.mynah.engine.EngineOptions;
import dev.mynah.engine.Engines;
import dev.mynah.engine.FinishReason;
import dev.mynah.engine.GenerationListener;
import dev.mynah.engine.GenerationRequest;
import dev.mynah.engine.LoadedModel;
import dev.mynah.engine.SamplingOptions;
import dev.mynah.engine.Scorer;
import dev.mynah.engine.TokenLogProb;
import dev.mynah.engine.Usage;
import dev.mynah.tensor.Device;
import dev.mynah.tensor.Scope;
import dev.mynah.text.Tokenizer;
import dev.mynah.text.chat.ChatMessage;
import dev.mynah.text.chat.ChatTemplate;
import dev.mynah.train.run.Monitor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** The model that is measured. It is loaded for what a task asks first, and stays. Used by the thread that opened it. */
public final class EvalModel implements AutoCloseable {
    private static final EngineOptions OPTIONS = new EngineOptions(16, Integer.MAX_VALUE / 2, 0);

    private final Path path;
    private final Device device;
    private final Monitor monitor;
    private final Scope scope = Scope.open();
    private @Nullable LoadedModel loaded;
    private Engines.@Nullable Served served;

    /**
     * A model folder or {@code .gguf} file, to be opened when it is needed.
     *
     * @param monitor is shown how far a task is
     */
    public EvalModel(Path path, Device device, Monitor monitor) {
        this.path = path;
        this.device = device;
        this.monitor = monitor;
    }

    /** Shows how far a task is. */
    void progress(String what, int done, int all) {
        monitor.preparing(what, done, all);
    }

    private LoadedModel loaded() throws IOException {
        if (loaded == null) {
            loaded = LoadedModel.open(path, device);
        }
        return loaded;
    }

    private Engines.Served served() throws IOException {
        if (served == null) {
            served = Engines.open(path, device, OPTIONS);
        }
        return served;
    }

    Scorer scorer() throws IOException {
        return loaded().scorer();
    }

    Tokenizer tokenizer() throws IOException {
        return served == null ? loaded().text().tokenizer() : served.text().tokenizer();
    }

    /**
     * The log-likelihood in nats of {@code continuation} behind {@code context}. Both are encoded together, and the tokens behind those of the context alone count; spaces at the context's end are the
     * continuation's, as lm-evaluation-harness has it.
     */
    double logLikelihood(String context, String continuation) throws IOException {
        String stripped = context.stripTrailing();
        String rest = context.substring(stripped.length()) + continuation;
        int[] before = loaded().text().prompt(stripped);
        int[] whole = tokenizer().encodeForModel(stripped + rest);
        if (stripped.isEmpty() && (whole.length == 0 || whole[0] != before[0])) {
            int[] begun = new int[whole.length + 1];
            begun[0] = before[0];
            System.arraycopy(whole, 0, begun, 1, whole.length);
            whole = begun;
        }
        if (whole.length <= before.length) {
            throw new IllegalArgumentException("the choice \"" + continuation + "\" adds no token to its question");
        }
        return scorer().logLikelihood(whole, before.length);
    }

    /**
     * Answers prompts, all of them at once.
     *
     * @param chat whether they are questions in a conversation, not texts to go on from
     * @return for each prompt its samples
     */
    List<List<String>> answers(List<String> prompts, boolean chat, int samples, SamplingOptions options)
            throws IOException {
        Engines.Served model = served();
        ChatTemplate template = ChatTemplate.of(model.text().tokenizer().config());
        List<List<CompletableFuture<String>>> running = new ArrayList<>();
        for (String prompt : prompts) {
            int[] ids = chat
                    ? template.render(List.of(ChatMessage.of(ChatMessage.Role.USER, prompt)))
                            .encode(model.text().tokenizer())
                    : model.text().prompt(prompt);
            running.add(submit(model.engine(), ids, samples, options));
        }
        List<List<String>> answers = new ArrayList<>();
        for (List<CompletableFuture<String>> ofPrompt : running) {
            answers.add(ofPrompt.stream().map(EvalModel::await).toList());
            progress("Answering", answers.size(), prompts.size());
        }
        return answers;
    }

    private static List<CompletableFuture<String>> submit(
            Engine engine, int[] prompt, int samples, SamplingOptions options) {
        List<GenerationListener> listeners = new ArrayList<>();
        List<CompletableFuture<String>> answers = new ArrayList<>();
        for (int i = 0; i < samples; i++) {
            CompletableFuture<String> answer = new CompletableFuture<>();
            listeners.add(new Collector(answer));
            answers.add(answer);
        }
        engine.submit(GenerationRequest.of(prompt, options), listeners);
        return answers;
    }

    private static String await(CompletableFuture<String> answer) {
        try {
            return answer.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException failure ? failure : e;
        }
    }

    /** Puts the pieces of a text together. */
    private static final class Collector implements GenerationListener {
        private final CompletableFuture<String> answer;
        private final StringBuilder text = new StringBuilder();

        Collector(CompletableFuture<String> answer) {
            this.answer = answer;
        }

        @Override
        public void onToken(int token, String piece, @Nullable TokenLogProb logProb) {
            text.append(piece);
        }

        @Override
        public void onFinish(String piece, FinishReason reason, Usage usage) {
            answer.complete(text.append(piece).toString());
        }

        @Override
        public void onFailure(RuntimeException failure, Usage usage) {
            answer.completeExceptionally(failure);
        }
    }

    @Override
    public void close() {
        if (served != null) {
            served.close();
        }
        scope.close();
    }
}
