package dev.mynah.data;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.function.ToIntFunction;

/**
 * Applies a pure function to a sequence on several threads and gives the results in the order of the sequence. Work goes out in batches, a bounded number of them ahead of the
 * consumer, so that memory stays bounded whatever the length of the sequence. The source is read by the consumer's thread.
 */
final class ParallelMap<T, R> implements Iterator<R> {

    /** A batch is closed at this weight (characters of text), so that handing it over costs little beside the work. */
    private static final int BATCH_WEIGHT = 1 << 18;

    private final Iterator<? extends T> source;
    private final Function<? super T, ? extends R> work;
    private final ToIntFunction<? super T> weight;
    private final ExecutorService threads;
    private final int ahead;
    private final ArrayDeque<Future<List<R>>> pending = new ArrayDeque<>();
    private Iterator<R> results = List.<R>of().iterator();

    /** @param ahead how many batches may be out at once */
    ParallelMap(
            Iterator<? extends T> source,
            Function<? super T, ? extends R> work,
            ToIntFunction<? super T> weight,
            ExecutorService threads,
            int ahead) {
        this.source = source;
        this.work = work;
        this.weight = weight;
        this.threads = threads;
        this.ahead = ahead;
    }

    @Override
    public boolean hasNext() {
        while (!results.hasNext()) {
            while (pending.size() < ahead && source.hasNext()) {
                List<T> batch = nextBatch();
                pending.add(threads.submit(() -> applyTo(batch)));
            }
            if (pending.isEmpty()) {
                return false;
            }
            results = await(pending.remove()).iterator();
        }
        return true;
    }

    @Override
    public R next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        return results.next();
    }

    private List<T> nextBatch() {
        List<T> batch = new ArrayList<>();
        long total = 0;
        while (total < BATCH_WEIGHT && source.hasNext()) {
            T item = source.next();
            batch.add(item);
            // The constant bounds a batch of empty items.
            total += weight.applyAsInt(item) + 64L;
        }
        return batch;
    }

    private List<R> applyTo(List<T> batch) {
        List<R> done = new ArrayList<>(batch.size());
        for (T item : batch) {
            done.add(work.apply(item));
        }
        return done;
    }

    private static <R> List<R> await(Future<List<R>> future) {
        try {
            return future.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while preparing the corpus", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            if (e.getCause() instanceof Error cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause());
        }
    }
}
