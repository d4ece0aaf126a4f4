package dev.mynah.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** Remembers what it is told, and that nothing follows the end. */
final class Recorder implements GenerationListener {
    final List<Integer> tokens = new ArrayList<>();
    final List<TokenLogProb> logProbs = new ArrayList<>();
    final StringBuilder text = new StringBuilder();
    final CountDownLatch end = new CountDownLatch(1);

    @Nullable
    FinishReason reason;

    @Nullable
    RuntimeException failure;

    @Nullable
    Usage usage;

    Runnable onToken = () -> {};

    @Override
    public void onToken(int token, String piece, @Nullable TokenLogProb logProb) {
        requireOpen();
        tokens.add(token);
        text.append(piece);
        if (logProb != null) {
            logProbs.add(logProb);
        }
        onToken.run();
    }

    @Override
    public void onFinish(String piece, FinishReason finishReason, Usage used) {
        requireOpen();
        text.append(piece);
        reason = finishReason;
        usage = used;
        end.countDown();
    }

    @Override
    public void onFailure(RuntimeException thrown, Usage used) {
        requireOpen();
        failure = thrown;
        usage = used;
        end.countDown();
    }

    boolean hasEnded() {
        return end.getCount() == 0;
    }

    private void requireOpen() {
        if (hasEnded()) {
            throw new AssertionError("told of something after the end");
        }
    }
}
