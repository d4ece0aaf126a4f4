package dev.mynah.engine;

import dev.mynah.text.Tokenizer;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The engine: a {@link Scheduler} on a platform thread of its own, which also owns the runner. Other threads only put requests into its inbox.
 *
 * <p>It takes on as many sequences as run at once, and a bounded number more. If its thread fails in a way that no request is to blame for, all requests fail, and it takes no more.
 */
public final class BatchingEngine implements Engine {
    private static final System.Logger LOG = System.getLogger(BatchingEngine.class.getName());

    private final Tokenizer tokenizer;
    private final EngineOptions options;
    private final InstantSource clock;
    private final LongSupplier nanoTime;
    private final Thread thread;

    private final BlockingQueue<Consumer<Scheduler>> inbox = new LinkedBlockingQueue<>();
    private final AtomicInteger unfinished = new AtomicInteger();
    private final Object gate = new Object();
    private long arrivals;
    private long lastAdapter;
    /** The adapters that requests may name, and a number for each that is never used again. */
    private final Map<String, Long> adapters = new ConcurrentHashMap<>();

    private volatile boolean closed;

    private final int context;
    private final int vocabSize;
    private volatile EngineMetrics metrics = EngineMetrics.NOTHING;

    /** What is known of a runner when it is open. */
    private record Known(int context, int vocabSize, Tokenizer tokenizer) {}

    /**
     * Opens a model, and an engine over it, which closes it.
     *
     * @throws IOException if the model cannot be opened
     */
    public static BatchingEngine open(ModelFactory model, EngineOptions options) throws IOException {
        return new BatchingEngine(model, options, InstantSource.system(), System::nanoTime);
    }

    BatchingEngine(ModelFactory model, EngineOptions options, InstantSource clock, LongSupplier nanoTime)
            throws IOException {
        this.options = options;
        this.clock = clock;
        this.nanoTime = nanoTime;
        CompletableFuture<Known> opening = new CompletableFuture<>();
        thread = Thread.ofPlatform().name("mynah-engine").daemon().start(() -> live(model, opening));
        Known known = opened(opening);
        context = known.context;
        vocabSize = known.vocabSize;
        tokenizer = known.tokenizer;
    }

    private Known opened(CompletableFuture<Known> opening) throws IOException {
        try {
            return await(opening);
        } catch (InterruptedIOException e) {
            closeInbox();
            throw e;
        }
    }

    private static <T extends @Nullable Object> T await(CompletableFuture<T> opening) throws IOException {
        try {
            return opening.get();
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case IOException cause -> throw cause;
                case RuntimeException cause -> throw cause;
                case Error cause -> throw cause;
                case null, default -> throw new IllegalStateException(e);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while a model was opened");
        }
    }

    // ---- for any thread

    @Override
    public GenerationHandle submit(GenerationRequest request, GenerationListener listener) {
        return submit(request, List.of(listener));
    }

    @Override
    public GenerationHandle submit(GenerationRequest request, List<GenerationListener> listeners) {
        int[] prompt = request.prompt();
        requirePrompt(prompt);
        int limit = Math.min(request.sampling().maxTokens(), context - prompt.length + 1);
        synchronized (gate) {
            if (closed) {
                throw new IllegalStateException("the engine is closed");
            }
            int others = unfinished.get();
            if (others + listeners.size() > options.running() + options.waiting()) {
                throw new EngineBusyException(Math.max(0, others - options.running()));
            }
            Submission submission = new Submission(request, arrivals++, adapterNumber(request.adapter()));
            List<Sequence> sequences = new ArrayList<>();
            for (GenerationListener listener : listeners) {
                TextWriter writer = new TextWriter(tokenizer, request.sampling().stop());
                sequences.add(new Sequence(submission, sequences.size(), listener, writer, limit));
            }
            unfinished.addAndGet(sequences.size());
            Sequence first = sequences.removeFirst();
            first.siblings(sequences);
            inbox.add(scheduler -> scheduler.add(first));
            return submission;
        }
    }

    private long adapterNumber(String adapter) {
        if (adapter.isEmpty()) {
            return 0;
        }
        Long number = adapters.get(adapter);
        if (number == null) {
            throw new IllegalArgumentException("there is no adapter " + adapter);
        }
        return number;
    }

    @Override
    public void addAdapter(String name, Path folder) throws IOException {
        if (name.isEmpty()) {
            throw new IllegalArgumentException("an adapter needs a name");
        }
        CompletableFuture<@Nullable Void> loading = new CompletableFuture<>();
        synchronized (gate) {
            if (closed) {
                throw new IllegalStateException("the engine is closed");
            }
            inbox.add(scheduler -> load(scheduler, name, folder, loading));
        }
        await(loading);
    }

    /** On the engine's own thread, so that no request can name an adapter that is not there. */
    private void load(Scheduler scheduler, String name, Path folder, CompletableFuture<@Nullable Void> loading) {
        try {
            if (adapters.containsKey(name)) {
                throw new IllegalArgumentException("there is an adapter " + name + " already");
            }
            scheduler.addAdapter(name, folder);
            synchronized (gate) {
                adapters.put(name, ++lastAdapter);
            }
            loading.complete(null);
        } catch (IOException | RuntimeException e) {
            loading.completeExceptionally(e);
        } catch (Error e) {
            loading.completeExceptionally(e);
            throw e;
        }
    }

    @Override
    public void removeAdapter(String name) {
        synchronized (gate) {
            if (adapters.remove(name) != null) {
                inbox.add(scheduler -> scheduler.removeAdapter(name));
            }
        }
    }

    private void requirePrompt(int[] prompt) {
        if (prompt.length == 0) {
            throw new IllegalArgumentException("the prompt is empty: the model needs at least one token to go on from");
        }
        if (prompt.length > context) {
            throw new PromptTooLongException(prompt.length, context);
        }
        ForwardPass.requireKnown(vocabSize, prompt);
    }

    @Override
    public int context() {
        return context;
    }

    @Override
    public EngineMetrics metrics() {
        return metrics;
    }

    /** Waits until everything has ended and the runner is closed. */
    @Override
    public void close() {
        closeInbox();
        boolean interrupted = false;
        while (thread.isAlive() && !Thread.currentThread().equals(thread)) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Takes nothing more, and wakes the thread. */
    private void closeInbox() {
        synchronized (gate) {
            closed = true;
            inbox.add(scheduler -> {});
        }
    }

    // ---- for the engine's own thread

    private void live(ModelFactory factory, CompletableFuture<Known> opening) {
        try {
            ModelFactory.Opened opened = factory.open();
            live(opened, opening);
        } catch (Throwable e) {
            if (!opening.completeExceptionally(e)) {
                LOG.log(System.Logger.Level.ERROR, "the engine's runner did not close", e);
            }
        }
    }

    private void live(ModelFactory.Opened opened, CompletableFuture<Known> opening) {
        try (ModelRunner runner = opened.runner();
                DraftModel draft = opened.draft() == null ? null : new DraftModel(opened.draft(), runner.vocabSize())) {
            Drafter drafter = draft == null ? new PromptLookup() : draft;
            Scheduler scheduler = new Scheduler(runner, opened.endIds(), options, drafter, clock, nanoTime, unfinished);
            metrics = scheduler.metrics();
            opening.complete(new Known(Scheduler.context(runner), runner.vocabSize(), opened.tokenizer()));
            serve(scheduler);
        }
    }

    private void serve(Scheduler scheduler) {
        try {
            while (!closed) {
                takeOrders(scheduler);
                scheduler.step();
                metrics = scheduler.metrics();
            }
            drain(scheduler);
            scheduler.cancelAll();
        } catch (Throwable e) {
            LOG.log(System.Logger.Level.ERROR, "the engine stopped", e);
            closeInbox();
            drain(scheduler);
            scheduler.failAll(new IllegalStateException("the engine stopped: " + e, e));
        }
        metrics = scheduler.metrics();
    }

    /** Waits where there is nothing else to do. */
    private void takeOrders(Scheduler scheduler) throws InterruptedException {
        if (scheduler.isIdle()) {
            inbox.take().accept(scheduler);
        }
        drain(scheduler);
    }

    private void drain(Scheduler scheduler) {
        for (Consumer<Scheduler> order = inbox.poll(); order != null; order = inbox.poll()) {
            order.accept(scheduler);
        }
    }
}
