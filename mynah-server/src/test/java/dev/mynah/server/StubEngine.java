package dev.mynah.server;

import dev.mynah.engine.Engine;
import dev.mynah.engine.FinishReason;
import dev.mynah.engine.GenerationHandle;
import dev.mynah.engine.GenerationListener;
import dev.mynah.engine.GenerationRequest;
import dev.mynah.engine.TokenConstraint;
import dev.mynah.engine.TokenLogProb;
import dev.mynah.engine.Usage;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An engine that does as the last line of the prompt says: {@code echo TEXT}, {@code count N DELAY} (N tokens, a pause of DELAY milliseconds before each), {@code dots N DELAY} (the same in
 * a text that moderation need not hold back, since no word begins with it), {@code say DELAY QUESTION}
 * (what it was taught, with such pauses), {@code fail N} (after N tokens), {@code exhaust} (memory runs out before it begins), {@code cached N} (N tokens of
 * the prompt are said to be cached), what it was taught, or anything else for a greeting. A token is a byte; one that a constraint forbids is left out.
 */
public final class StubEngine implements Engine {
    /** What prompt and answer may have together. */
    public static final int CONTEXT = 2_000;

    private static final int END = 256;

    private final Map<String, String> taught = new ConcurrentHashMap<>();
    private final AtomicInteger running = new AtomicInteger();
    private final AtomicInteger generated = new AtomicInteger();
    private final AtomicReference<GenerationRequest> last = new AtomicReference<>();

    @Override
    public GenerationHandle submit(GenerationRequest request, List<GenerationListener> listeners) {
        List<GenerationHandle> all =
                listeners.stream().map(one -> submit(request, one)).toList();
        return () -> all.forEach(GenerationHandle::cancel);
    }

    @Override
    public GenerationHandle submit(GenerationRequest request, GenerationListener listener) {
        last.set(request);
        if (command(text(request)).equals("exhaust")) {
            throw new OutOfMemoryError("as asked for");
        }
        Run run = new Run(request, listener, command(text(request)));
        running.incrementAndGet();
        Thread.ofVirtual().start(run);
        return run;
    }

    /** What to say to a question, whose first line this is. */
    public void teach(String question, String answer) {
        taught.put(question, answer);
    }

    private static String text(GenerationRequest request) {
        byte[] bytes = new byte[request.prompt().length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) request.prompt()[i];
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static String command(String prompt) {
        int user = prompt.lastIndexOf("user: ");
        String last = user < 0 ? prompt : prompt.substring(user + "user: ".length());
        return last.lines().findFirst().orElse("");
    }

    @Override
    public int context() {
        return CONTEXT;
    }

    @Override
    public void close() {}

    /** Generations that have not ended. */
    public int running() {
        return running.get();
    }

    /** The newest request. */
    public GenerationRequest last() {
        return Objects.requireNonNull(last.get());
    }

    /** The newest request's prompt as text. */
    public String lastPrompt() {
        return text(last());
    }

    /** Tokens of all generations until now. */
    public int generated() {
        return generated.get();
    }

    private final class Run implements GenerationHandle, Runnable {
        private final GenerationRequest request;
        private final GenerationListener listener;
        private final String command;
        private final @Nullable TokenConstraint constraint;
        private volatile boolean cancelled;
        private int tokens;

        Run(GenerationRequest request, GenerationListener listener, String command) {
            this.request = request;
            this.listener = listener;
            this.command = command;
            Supplier<TokenConstraint> constraints = request.sampling().constraint();
            constraint = constraints == null ? null : constraints.get();
        }

        @Override
        public void cancel() {
            cancelled = true;
        }

        @Override
        public void run() {
            String[] words = command.split(" ", 3);
            try {
                switch (words[0]) {
                    case "echo" -> write(words[1] + (words.length > 2 ? " " + words[2] : ""), 0);
                    case "count" -> write("x".repeat(Integer.parseInt(words[1])), Integer.parseInt(words[2]));
                    case "dots" -> write(".".repeat(Integer.parseInt(words[1])), Integer.parseInt(words[2]));
                    case "say" -> write(taught(words[2]), Integer.parseInt(words[1]));
                    case "fail" -> {
                        write("x".repeat(Integer.parseInt(words[1])), 0);
                        throw new IllegalStateException("out of order, as asked for");
                    }
                    default -> write(taught(command), 0);
                }
                end();
            } catch (RuntimeException e) {
                running.decrementAndGet();
                listener.onFailure(e, usage());
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        private String taught(String question) {
            return taught.getOrDefault(question, "Hello! 你好");
        }

        private void end() {
            boolean ended = !cancelled && tokens < limit();
            if (ended) {
                token(END, "");
            }
            running.decrementAndGet();
            listener.onFinish(
                    "", cancelled ? FinishReason.CANCELLED : ended ? FinishReason.STOP : FinishReason.LENGTH, usage());
        }

        private void write(String text, int delay) throws InterruptedException {
            for (int at = 0; at < text.length() && tokens < limit() && !cancelled; at++) {
                Thread.sleep(delay);
                byte[] bytes = text.substring(at, at + 1).getBytes(StandardCharsets.UTF_8);
                for (int i = 0; i < bytes.length && tokens < limit() && allows(bytes[i]); i++) {
                    token(Byte.toUnsignedInt(bytes[i]), i == bytes.length - 1 ? text.substring(at, at + 1) : "");
                }
            }
        }

        private boolean allows(byte value) {
            if (constraint == null) {
                return true;
            }
            float[] logits = new float[END + 1];
            if (constraint.complete()) {
                return false;
            }
            constraint.mask(logits, limit() - tokens);
            if (logits[Byte.toUnsignedInt(value)] != 0) {
                return false;
            }
            constraint.accept(Byte.toUnsignedInt(value));
            return true;
        }

        private void token(int id, String text) {
            tokens++;
            generated.incrementAndGet();
            listener.onToken(id, text, logProb(id));
        }

        private @Nullable TokenLogProb logProb(int id) {
            int top = request.sampling().topLogProbs();
            return top < 0
                    ? null
                    : new TokenLogProb(
                            id, -0.5, top == 0 ? List.of() : List.of(new TokenLogProb.Alternative(id, -0.5)));
        }

        private int limit() {
            return Math.min(request.sampling().maxTokens(), CONTEXT - request.prompt().length + 1);
        }

        private Usage usage() {
            int cached = command.startsWith("cached ") ? Integer.parseInt(command.substring("cached ".length())) : 0;
            return new Usage(request.prompt().length, cached, tokens);
        }
    }
}
