package dev.mynah.server.provider;

import dev.mynah.engine.Engine;
import dev.mynah.engine.EngineMetrics;
import dev.mynah.engine.FinishReason;
import dev.mynah.engine.GenerationHandle;
import dev.mynah.engine.GenerationListener;
import dev.mynah.engine.GenerationRequest;
import dev.mynah.engine.PromptTooLongException;
import dev.mynah.engine.SamplingOptions;
import dev.mynah.engine.TextCodec;
import dev.mynah.engine.TokenLogProb;
import dev.mynah.engine.Usage;
import dev.mynah.model.SamplingDefaults;
import dev.mynah.text.Tokenizer;
import dev.mynah.text.chat.ToolCall;
import dev.mynah.text.chat.ToolCallFormat;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The model that this process runs itself. */
public final class LocalProvider implements ModelProvider {
    /** The name of this provider in the register of models. */
    public static final String NAME = "local";

    private final String model;
    private final Engine engine;
    private final Tokenizer tokenizer;
    private final SamplingDefaults sampling;
    private final PromptEncoder encoder;
    private final Constraints constraints;
    private final Introduction introduction;
    private final @Nullable LocalEmbeddings embeddings;
    private final @Nullable Path folder;
    /** Names in the API of low-rank adapters over the model, and in the engine. */
    private final Set<String> adapters = ConcurrentHashMap.newKeySet();

    /** As the other constructor, for a model without introduction that gives no embeddings. */
    public LocalProvider(String model, Engine engine, TextCodec text, PromptEncoder encoder) {
        this(model, engine, text, encoder, Introduction.NONE, null, null);
    }

    /**
     * Answers with {@code engine}, which it closes in the end.
     *
     * @param model  the model's name in the API
     * @param folder where its weights are, or null where that is not known
     */
    LocalProvider(
            String model,
            Engine engine,
            TextCodec text,
            PromptEncoder encoder,
            Introduction introduction,
            @Nullable LocalEmbeddings embeddings,
            @Nullable Path folder) {
        this.folder = folder;
        this.introduction = introduction;
        this.embeddings = embeddings;
        this.model = model;
        this.engine = engine;
        tokenizer = text.tokenizer();
        sampling = text.sampling();
        this.encoder = encoder;
        constraints = new Constraints(text, encoder.toolCalls());
    }

    /** Makes token ids of a prompt, as the model wants them. */
    public interface PromptEncoder {
        /** @throws IllegalArgumentException if the model cannot take such a prompt */
        int[] encode(Prompt prompt);

        /** How the model writes calls of tools. */
        default ToolCallFormat toolCalls() {
            return ToolCallFormat.HERMES;
        }
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Set<String> models() {
        Set<String> all = new LinkedHashSet<>(adapters);
        all.add(model);
        return Collections.unmodifiableSet(all);
    }

    /** Whether its model is the one in the folder {@code other}, an absolute path. */
    boolean serves(Path other) {
        return folder != null && folder.toAbsolutePath().equals(other);
    }

    /**
     * Answers with a low-rank adapter over this provider's model too, under a name of its own; weights and batches are shared with the model. {@link Models#registerOwn} then gives it prices.
     *
     * @param id     the name in the API, by custom the model's, a colon and the adapter's
     * @param folder in the layout of PEFT
     * @throws IllegalArgumentException if the name is taken, or the adapter damaged or of another model
     */
    public void addAdapter(String id, Path folder) throws IOException {
        if (id.equals(model)) {
            throw new IllegalArgumentException("an adapter needs another name than its model, " + model);
        }
        engine.addAdapter(id, folder);
        adapters.add(id);
    }

    /** Forgets an adapter; answers that are being written with it fail. */
    public void removeAdapter(String id) {
        adapters.remove(id);
        engine.removeAdapter(id);
    }

    @Override
    public PreparedGeneration prepare(ModelRequest request) {
        int[] prompt = encoder.encode(request.prompt());
        int room = engine.context() - prompt.length;
        if (room < 1) {
            throw new PromptTooLongException(prompt.length, engine.context());
        }
        SamplingOptions sampling = request.sampling().toBuilder()
                .constraint(constraints.of(request.form(), request.prompt().tools()))
                .build();
        return new Prepared(request, sampling, prompt, room);
    }

    @Override
    public PreparedEmbeddings embeddings(String name, List<Prompt> inputs) {
        if (adapters.contains(name)) {
            throw new IllegalArgumentException("the model " + name + " is an adapter over " + model
                    + ", and adapters give no embeddings; ask " + model);
        }
        return embeddings == null ? ModelProvider.super.embeddings(name, inputs) : embeddings.prepare(inputs);
    }

    @Override
    public String text(String name, Prompt prompt) {
        return switch (prompt) {
            case Prompt.Text text -> text.text();
            case Prompt.Tokens tokens -> tokenizer.decode(encoder.encode(tokens));
            case Prompt.Gap gap -> gap.before();
            case Prompt.Chat chat -> throw new IllegalArgumentException("a conversation is not echoed");
        };
    }

    @Override
    public int[] tokens(String text) {
        return tokenizer.encode(text);
    }

    @Override
    public SamplingDefaults sampling(String name) {
        return models().contains(name) ? sampling : SamplingDefaults.NONE;
    }

    @Override
    public OptionalInt context(String name) {
        return OptionalInt.of(engine.context());
    }

    @Override
    public Introduction introduction() {
        return introduction;
    }

    @Override
    public Optional<EngineMetrics> metrics() {
        return Optional.of(engine.metrics());
    }

    @Override
    public void close() {
        engine.close();
        if (embeddings != null) {
            embeddings.close();
        }
    }

    private final class Prepared implements PreparedGeneration {
        private final ModelRequest request;
        private final SamplingOptions sampling;
        private final int[] prompt;
        private final int room;

        Prepared(ModelRequest request, SamplingOptions sampling, int[] prompt, int room) {
            this.request = request;
            this.sampling = sampling;
            this.prompt = prompt;
            this.room = room;
        }

        @Override
        public int promptTokens() {
            return prompt.length;
        }

        @Override
        public int maxCompletionTokens() {
            // The token that follows a full context is the last.
            return request.choices() * Math.min(sampling.maxTokens(), room + 1);
        }

        @Override
        public GenerationHandle start(Consumer<GenerationEvent> sink) {
            List<GenerationListener> listeners = new ArrayList<>();
            for (int choice = 0; choice < request.choices(); choice++) {
                Listener listener = new Listener(choice, sink);
                listeners.add(
                        request.form().tools().isEmpty()
                                ? listener
                                : new ToolCallListener(
                                        listener,
                                        tokenizer,
                                        encoder.toolCalls(),
                                        request.form().parallel()));
            }
            String adapter = request.model().equals(model) ? "" : request.model();
            return engine.submit(
                    new GenerationRequest(prompt, sampling, request.tenant(), request.priority(), null, adapter),
                    listeners);
        }
    }

    /** Hands on what the engine tells of one choice. */
    private final class Listener implements ToolCallListener.Target {
        private final int choice;
        private final Consumer<GenerationEvent> sink;

        Listener(int choice, Consumer<GenerationEvent> sink) {
            this.choice = choice;
            this.sink = sink;
        }

        @Override
        public void onToken(int token, String text, @Nullable TokenLogProb logProb) {
            sink.accept(new GenerationEvent.Token(choice, text, 1, logProb == null ? null : score(logProb)));
        }

        @Override
        public void onCall(ToolCall call) {
            sink.accept(new GenerationEvent.Call(choice, call));
        }

        @Override
        public void onFinish(String text, FinishReason reason, Usage usage) {
            sink.accept(new GenerationEvent.End(choice, text, reason, own(usage)));
        }

        @Override
        public void onFailure(RuntimeException failure, Usage usage) {
            sink.accept(new GenerationEvent.Failure(choice, failure, own(usage)));
        }

        /** All choices share one prompt: the first tells what of it was cached. */
        private Usage own(Usage usage) {
            return choice == 0 ? usage : new Usage(usage.promptTokens(), 0, usage.completionTokens());
        }
    }

    private TokenScore score(TokenLogProb logProb) {
        List<TokenScore.Candidate> top = logProb.top().stream()
                .map(other -> candidate(other.token(), other.logProb()))
                .toList();
        return new TokenScore(candidate(logProb.token(), logProb.logProb()), top);
    }

    private TokenScore.Candidate candidate(int token, double logProb) {
        // A model's vocabulary is often rounded up: ids that the tokenizer does not know have no text.
        byte[] bytes = token < tokenizer.vocabSize() ? tokenizer.bytes(token) : new byte[0];
        List<Integer> values = new ArrayList<>(bytes.length);
        for (byte b : bytes) {
            values.add(Byte.toUnsignedInt(b));
        }
        return new TokenScore.Candidate(new String(bytes, StandardCharsets.UTF_8), values, logProb);
    }
}
