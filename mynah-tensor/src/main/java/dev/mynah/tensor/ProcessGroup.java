package dev.mynah.tensor;

import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.javacpp.chrono.Milliseconds;
import org.bytedeco.pytorch.BroadcastOptions;
import org.bytedeco.pytorch.GlooDeviceVector;
import org.bytedeco.pytorch.ProcessGroupGloo;
import org.bytedeco.pytorch.TCPStore;
import org.bytedeco.pytorch.TCPStoreOptions;
import org.bytedeco.pytorch.Work;
import org.bytedeco.pytorch.global.torch_gloo;

/**
 * Processes that exchange tensors through libtorch's Gloo collectives. All ranks make the same calls in the same order; a call throws {@link TensorException} when a peer is gone or
 * silent for longer than the timeout.
 */
public final class ProcessGroup implements AutoCloseable {

    private final int rank;
    private final int size;
    private final TCPStore store;
    private final ProcessGroupGloo gloo;

    private ProcessGroup(int rank, int size, TCPStore store, ProcessGroupGloo gloo) {
        this.rank = rank;
        this.size = size;
        this.store = store;
        this.gloo = gloo;
    }

    /**
     * Meets the other ranks; returns when all are there.
     *
     * @param host address at which rank 0 listens for the others
     * @param port its TCP port
     * @param timeout how long to wait for a silent peer, here and in every collective
     * @throws TensorException if the group does not come together in time
     */
    public static ProcessGroup connect(String host, int port, int rank, int size, Duration timeout) {
        Torch.load();
        Natives.load(torch_gloo.class);
        // Gloo tells on standard output whom it has met.
        try (PointerScope scope = new PointerScope();
                StandardOutput redirected = StandardOutput.toStandardError()) {
            TCPStoreOptions storeOptions = new TCPStoreOptions()
                    .port((short) port)
                    .isServer(rank == 0)
                    .waitWorkers(false)
                    .useLibUV(false)
                    .timeout(new Milliseconds(timeout.toMillis()));
            TCPStore store = new TCPStore(host, storeOptions);
            ProcessGroupGloo.Options options = ProcessGroupGloo.Options.create(new Milliseconds(timeout.toMillis()));
            options.devices(new GlooDeviceVector(ProcessGroupGloo.createDeviceForHostname(ownAddress(host, port))));
            ProcessGroupGloo gloo = new ProcessGroupGloo(store, rank, size, options);
            // They outlive this scope, until close().
            return new ProcessGroup(rank, size, store.retainReference(), gloo.retainReference());
        } catch (RuntimeException e) {
            throw new TensorException(
                    "rank " + rank + " of " + size + " cannot join the group at " + host + ":" + port + ": "
                            + Native.reason(e),
                    e);
        }
    }

    /** The address of this machine from which it reaches {@code host}, and at which the other ranks reach it. Nothing is sent to find it out. */
    private static String ownAddress(String host, int port) {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(new InetSocketAddress(host, port));
            return socket.getLocalAddress().getHostAddress();
        } catch (SocketException e) {
            throw new UncheckedIOException(e);
        }
    }

    public int rank() {
        return rank;
    }

    public int size() {
        return size;
    }

    /** Replaces {@code tensor} on every rank by the sum over the ranks. */
    public void allReduceSum(Tensor tensor) {
        await("all-reduce", () -> gloo.allreduce(Tensor.vector(List.of(tensor))), tensor);
    }

    /** Replaces {@code tensor} on every rank by that of {@code root}. */
    public void broadcast(Tensor tensor, int root) {
        await(
                "broadcast",
                () -> {
                    BroadcastOptions options = new BroadcastOptions();
                    options.rootRank(root);
                    return gloo.broadcast(Tensor.vector(List.of(tensor)), options);
                },
                tensor);
    }

    /** Waits until every rank has come here. */
    public void barrier() {
        await("barrier", gloo::barrier);
    }

    private void await(String name, Supplier<Work> operation, Tensor... inputs) {
        try (Scope scope = Scope.open()) {
            Native.call(name + " on rank " + rank, () -> operation.get()._wait(), inputs);
        }
    }

    /** Leaves the group. */
    @Override
    public void close() {
        gloo.releaseReference();
        store.releaseReference();
    }
}
