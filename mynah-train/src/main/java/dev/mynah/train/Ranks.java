package dev.mynah.train;

import dev.mynah.tensor.ProcessGroup;
import dev.mynah.tensor.Scope;
import dev.mynah.tensor.Tensor;
import dev.mynah.tensor.TensorException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The processes that train one model together, each on a part of every batch. Described by torchrun's environment variables {@code RANK}, {@code WORLD_SIZE}, {@code LOCAL_RANK},
 * {@code MASTER_ADDR} and {@code MASTER_PORT}; without them this process is alone.
 */
public final class Ranks implements AutoCloseable {

    /** A peer that is alive may prepare data or write a checkpoint for long; one that died is noticed at once, by its closed connection. */
    private static final Duration SILENCE = Duration.ofMinutes(30);

    /** Elements all-reduced in one call: large enough to use the network, small enough not to double the memory of the gradients. */
    private static final long BUCKET = 8 << 20;

    private final int rank;
    private final int size;
    private final int localRank;
    private final @Nullable ProcessGroup group;

    private Ranks(int rank, int size, int localRank, @Nullable ProcessGroup group) {
        this.rank = rank;
        this.size = size;
        this.localRank = localRank;
        this.group = group;
    }

    /**
     * Joins the group that {@code environment} describes, and waits until all ranks have.
     *
     * @throws IllegalArgumentException for variables that are missing or make no sense, and for a host that cannot be found
     */
    public static Ranks connect(Map<String, String> environment) {
        int size = number(environment, "WORLD_SIZE", 1, 1, 1 << 20);
        if (size == 1) {
            return new Ranks(0, 1, 0, null);
        }
        int rank = number(environment, "RANK", null, 0, size - 1);
        int localRank = number(environment, "LOCAL_RANK", rank, 0, size - 1);
        int port = number(environment, "MASTER_PORT", null, 1, 65_535);
        String host = environment.get("MASTER_ADDR");
        if (host == null) {
            throw new IllegalArgumentException("WORLD_SIZE is " + size + " but MASTER_ADDR is not set");
        }
        requireAddress(host);
        return new Ranks(rank, size, localRank, ProcessGroup.connect(host, port, rank, size, SILENCE));
    }

    /** libtorch would try again and again until the time is up. */
    private static void requireAddress(String host) {
        try {
            InetAddress.getByName(host);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(
                    "environment variable MASTER_ADDR is \"" + host + "\", which no address is known for", e);
        }
    }

    private static int number(
            Map<String, String> environment, String name, @Nullable Integer otherwise, int min, int max) {
        String text = environment.get(name);
        if (text == null && otherwise != null) {
            return otherwise;
        }
        if (text == null || !text.matches("\\d{1,9}") || Integer.parseInt(text) < min || Integer.parseInt(text) > max) {
            throw new IllegalArgumentException("environment variable " + name + " must be a number from " + min + " to "
                    + max + ", found " + (text == null ? "none" : '"' + text + '"'));
        }
        return Integer.parseInt(text);
    }

    public int rank() {
        return rank;
    }

    public int size() {
        return size;
    }

    /** The number of this process on its machine: the GPU it uses. */
    public int localRank() {
        return localRank;
    }

    /** Whether this process writes the files and talks to people. */
    public boolean isFirst() {
        return rank == 0;
    }

    /** The sum of {@code value} over the ranks, the same on each. */
    public double sum(double value) {
        if (group == null) {
            return value;
        }
        try (Scope scope = Scope.open()) {
            Tensor tensor = Tensor.of(new double[] {value});
            group.allReduceSum(tensor);
            return tensor.item();
        }
    }

    /** Replaces each tensor (F32, one device) by its sum over the ranks. */
    public void sum(List<Tensor> tensors) {
        if (group == null) {
            return;
        }
        for (int from = 0, to; from < tensors.size(); from = to) {
            long elements = tensors.get(from).elements();
            to = from + 1;
            while (to < tensors.size() && elements + tensors.get(to).elements() <= BUCKET) {
                elements += tensors.get(to++).elements();
            }
            sumBucket(group, tensors.subList(from, to));
        }
    }

    private static void sumBucket(ProcessGroup group, List<Tensor> tensors) {
        try (Scope scope = Scope.open()) {
            List<Tensor> flat = new ArrayList<>();
            long[] sizes = new long[tensors.size()];
            for (int i = 0; i < sizes.length; i++) {
                flat.add(tensors.get(i).reshape(-1));
                sizes[i] = tensors.get(i).elements();
            }
            Tensor bucket = Tensor.cat(flat, 0);
            group.allReduceSum(bucket);
            List<Tensor> sums = bucket.split(0, sizes);
            for (int i = 0; i < sizes.length; i++) {
                flat.get(i).copy_(sums.get(i));
            }
        }
    }

    /** Waits until every rank has come here. */
    public void barrier() {
        if (group != null) {
            group.barrier();
        }
    }

    /** What to tell people when a collective failed: a peer is gone. */
    public String lost(TensorException failure) {
        return "rank " + rank + " of " + size + " stops: another rank is gone (" + failure.getMessage() + ")";
    }

    @Override
    public void close() {
        if (group != null) {
            group.close();
        }
    }
}
