package dev.mynah.server.ops;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class RepeatedTaskTest {
    @Test
    void whatFailsIsTriedAgainEvenWhereMemoryRanOut() throws Exception {
        CountDownLatch times = new CountDownLatch(3);
        RepeatedTask task = new RepeatedTask("failing", Duration.ofMillis(1)) {
            @Override
            protected void once() {
                times.countDown();
                if (times.getCount() == 2) {
                    throw new OutOfMemoryError("as the test wants it");
                }
                throw new IllegalStateException("as the test wants it");
            }
        };
        task.start();
        times.await();
        task.stop();
    }
}
