package dev.mynah.server.provider;

import dev.mynah.engine.Engine;
import dev.mynah.engine.EngineBusyException;
import dev.mynah.engine.FinishReason;
import dev.mynah.engine.Generation;
import dev.mynah.engine.GenerationHandle;
import dev.mynah.engine.GenerationListener;
import dev.mynah.engine.GenerationRequest;
import dev.mynah.engine.LoadedModel;
import dev.mynah.engine.TextGenerator;
import dev.mynah.engine.Usage;
import dev.mynah.tensor.Device;
import dev.mynah.tensor.Scope;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;

/** Answers one request after the other, on a thread of its own that owns the model. */
final class SerialEngine implements Engine {
    private static final int MAX_WAITING = 64;

    private final BlockingQueue<Job> waiting = new ArrayBlockingQueue<>(MAX_WAITING);
    private final CompletableFuture<LoadedModel> loaded = new CompletableFuture<>();
    private final Thread thread;

    SerialEngine(Path folder, Device device) {
        thread = Thread.ofPlatform().name("engine").daemon().start(() -> run(folder, device));
    }

    LoadedModel model() {
        return loaded.join();
    }

    @Override
    public GenerationHandle submit(GenerationRequest request, GenerationListener listener) {
        return submit(request, List.of(listener));
    }

    @Override
    public GenerationHandle submit(GenerationRequest request, List<GenerationListener> listeners) {
        List<GenerationHandle> jobs =
                listeners.stream().map(one -> enqueue(request, one)).toList();
        return () -> jobs.forEach(GenerationHandle::cancel);
    }

    private GenerationHandle enqueue(GenerationRequest request, GenerationListener listener) {
        Job job = new Job(request, listener);
        if (!waiting.offer(job)) {
            throw new EngineBusyException(MAX_WAITING);
        }
        return job;
    }

    @Override
    public int context() {
        return model().model().config().context();
    }

    @Override
    public void close() {
        thread.interrupt();
    }

    private void run(Path folder, Device device) {
        try (Scope scope = Scope.open()) {
            LoadedModel model = LoadedModel.open(folder, device);
            loaded.complete(model);
            TextGenerator generator = model.generator();
            while (!Thread.currentThread().isInterrupted()) {
                waiting.take().run(generator);
            }
        } catch (IOException e) {
            loaded.completeExceptionally(new UncheckedIOException(e));
        } catch (InterruptedException e) {
            waiting.forEach(Job::cancel);
        } catch (RuntimeException e) {
            loaded.completeExceptionally(e);
        }
    }

    private static final class Job implements GenerationHandle {
        private final GenerationRequest request;
        private final GenerationListener listener;
        private volatile boolean cancelled;

        Job(GenerationRequest request, GenerationListener listener) {
            this.request = request;
            this.listener = listener;
        }

        @Override
        public void cancel() {
            cancelled = true;
        }

        void run(TextGenerator generator) {
            int[] tokens = {0};
            int promptTokens = request.prompt().length;
            try {
                Generation generation = generator.generate(request.prompt(), request.sampling(), text -> {
                    if (cancelled) {
                        throw new CancelledException();
                    }
                    tokens[0]++;
                    listener.onToken(0, text, null);
                });
                listener.onFinish("", generation.finishReason(), generation.usage());
            } catch (CancelledException e) {
                listener.onFinish("", FinishReason.CANCELLED, new Usage(promptTokens, 0, tokens[0]));
            } catch (RuntimeException e) {
                listener.onFailure(e, new Usage(promptTokens, 0, tokens[0]));
            }
        }
    }

    private static final class CancelledException extends RuntimeException {}
}
