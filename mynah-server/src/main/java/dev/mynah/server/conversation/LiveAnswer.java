package dev.mynah.server.conversation;

import dev.mynah.server.answer.RunningAnswer;
import java.time.Duration;

/** The text of an answer that this process generates, for any number of readers. */
final class LiveAnswer {
    private final RunningAnswer answer;
    private final StringBuilder text = new StringBuilder();
    private boolean ended;

    /** @param begun the text that the answer goes on from */
    LiveAnswer(RunningAnswer answer, String begun) {
        this.answer = answer;
        text.append(begun);
    }

    RunningAnswer answer() {
        return answer;
    }

    synchronized void append(String more) {
        text.append(more);
        notifyAll();
    }

    synchronized void end() {
        ended = true;
        notifyAll();
    }

    /** The text that follows {@code from} characters, for which this waits up to {@code timeout} or until the end. */
    synchronized String read(int from, Duration timeout) throws InterruptedException {
        long end = System.nanoTime() + timeout.toNanos();
        long left = timeout.toMillis();
        while (text.length() <= from && !ended && left > 0) {
            wait(left);
            left = Duration.ofNanos(end - System.nanoTime()).toMillis();
        }
        return text.substring(Math.min(from, text.length()));
    }
}
