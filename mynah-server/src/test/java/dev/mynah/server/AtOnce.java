package dev.mynah.server;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;

/** Many clients at the same time. */
public final class AtOnce {
    private AtOnce() {}

    /** Does something {@code count} times, by up to 50 clients at once; gives the results in order. */
    public static <T> List<T> run(int count, IntFunction<T> work) throws Exception {
        try (ExecutorService clients = Executors.newFixedThreadPool(50)) {
            List<Future<T>> futures = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                int number = i;
                futures.add(clients.submit(() -> work.apply(number)));
            }
            List<T> results = new ArrayList<>();
            for (Future<T> future : futures) {
                results.add(future.get());
            }
            return results;
        }
    }
}
