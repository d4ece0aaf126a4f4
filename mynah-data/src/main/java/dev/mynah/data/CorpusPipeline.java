package dev.mynah.data;

import dev.mynah.data.CleaningSteps.Outcome;
import dev.mynah.data.ShardManifest.Duplicates;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * From sources to cleaned documents without duplicates, each with its split. Cleaning and hashing run on several threads; reading and the choice among duplicates follow the order of
 * the sources, so that the result does not depend on the number of threads. A corpus without a single document is an {@link IllegalArgumentException}.
 */
final class CorpusPipeline implements Iterator<CorpusPipeline.CleanDocument>, AutoCloseable {

    private final CorpusConfig config;
    private final int threads;
    private final CorpusReader reader;
    private final ExecutorService workers;
    private final CleaningSteps steps;
    private final CleaningSteps.Tally tally;
    private final @Nullable HashSet128 seen;
    private final @Nullable NearDuplicates near;
    private final Iterator<Prepared> prepared;
    private long kept;
    private long exactDuplicates;
    private long nearDuplicates;
    private @Nullable CleanDocument upcoming;

    /**
     * A document that stays.
     *
     * @param text its cleaned text
     * @param split where it belongs
     */
    record CleanDocument(String text, Split split) {}

    /** What the threads find out about one document; hash and signature only where it was kept, the signature only for near-duplicates. */
    private record Prepared(
            Outcome outcome,
            @Nullable TextHash hash,
            @Nullable MinHash signature) {}

    CorpusPipeline(CorpusConfig config, int threads) throws IOException {
        this.config = config;
        this.threads = threads;
        this.reader = new CorpusReader(config);
        this.steps = new CleaningSteps(config.cleaning().steps());
        this.tally = steps.new Tally();
        DedupOptions.Mode mode = config.dedup().mode();
        this.seen = mode == DedupOptions.Mode.NONE ? null : new HashSet128();
        this.near = mode == DedupOptions.Mode.NEAR
                ? new NearDuplicates(config.dedup().threshold())
                : null;
        this.workers = Executors.newFixedThreadPool(
                threads, Thread.ofPlatform().daemon().name("corpus-", 0).factory());
        this.prepared =
                inParallel(reader, this::prepare, document -> document.text().length());
    }

    /** Work on the pipeline's threads, in the order of the sequence. */
    <T, R> Iterator<R> inParallel(
            Iterator<? extends T> source, Function<? super T, ? extends R> work, ToIntFunction<? super T> weight) {
        return new ParallelMap<>(source, work, weight, workers, 2 * threads);
    }

    private Prepared prepare(Document document) {
        Outcome outcome = steps.apply(document.text());
        if (outcome.text() == null) {
            return new Prepared(outcome, null, null);
        }
        String folded = TextHash.fold(outcome.text());
        return new Prepared(outcome, TextHash.of(folded), near == null ? null : new MinHash(folded));
    }

    @Override
    public boolean hasNext() {
        while (upcoming == null && prepared.hasNext()) {
            Prepared next = prepared.next();
            tally.add(next.outcome());
            String text = next.outcome().text();
            TextHash hash = next.hash();
            if (text != null && hash != null && !isDuplicate(hash, next.signature())) {
                upcoming = new CleanDocument(text, config.split().of(hash, config.seed()));
                kept++;
            }
        }
        if (kept == 0) {
            throw emptyCorpus();
        }
        return upcoming != null;
    }

    private boolean isDuplicate(TextHash hash, @Nullable MinHash signature) {
        if (seen != null && !seen.add(hash)) {
            exactDuplicates++;
            return true;
        }
        if (near != null && signature != null && !near.add(signature)) {
            nearDuplicates++;
            return true;
        }
        return false;
    }

    @Override
    public CleanDocument next() {
        if (!hasNext() || upcoming == null) {
            throw new NoSuchElementException();
        }
        CleanDocument document = upcoming;
        upcoming = null;
        return document;
    }

    CorpusReader reader() {
        return reader;
    }

    List<StepCount> cleaning() {
        return tally.counts();
    }

    Duplicates duplicates() {
        return new Duplicates(exactDuplicates, nearDuplicates);
    }

    /** Says where texts were looked for, and what became of what was there. */
    private IllegalArgumentException emptyCorpus() {
        List<SourceFile> files = reader.files();
        StringBuilder message = new StringBuilder("the corpus is empty: no document in ")
                .append(files.getFirst().path());
        if (files.size() > 1) {
            message.append(" and ").append(files.size() - 1).append(" more files");
        }
        Skipped skipped = reader.skipped();
        if (skipped.count() > 0) {
            message.append("; skipped ")
                    .append(skipped.count())
                    .append(", the first: ")
                    .append(skipped.first().getFirst());
        }
        for (StepCount step : cleaning()) {
            if (step.dropped() > 0) {
                message.append("; dropped by ").append(step.step()).append(": ").append(step.dropped());
            }
        }
        return new IllegalArgumentException(message.toString());
    }

    @Override
    public void close() throws IOException {
        workers.shutdownNow();
        reader.close();
    }
}
