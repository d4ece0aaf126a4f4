package dev.mynah.tensor;

import org.bytedeco.javacpp.PointerScope;
import org.jspecify.annotations.Nullable;

/**
 * Owns the native memory of every tensor made while it is the innermost open scope of its thread, and frees it on {@link #close()}. Tensors are never freed by the garbage
 * collector, which sees handles of a few bytes and not the gigabytes behind them.
 *
 * <pre>{@code
 * try (Scope scope = Scope.open()) {
 *     Tensor loss = model.loss(batch);
 *     loss.backward();
 *     return loss.item();
 * } // activations, gradients of activations and the graph are gone here
 * }</pre>
 *
 * A scope belongs to the platform thread that opened it. A tensor that must outlive its scope is handed outwards with {@link #keep}.
 */
public final class Scope implements AutoCloseable {

    private static final ThreadLocal<@Nullable Scope> INNERMOST = new ThreadLocal<>();

    private final @Nullable Scope outer;
    private final Thread owner;
    private final PointerScope pointers;
    private boolean closed;

    private Scope(@Nullable Scope outer) {
        this.outer = outer;
        this.owner = Thread.currentThread();
        this.pointers = new PointerScope();
    }

    /**
     * Opens a scope inside the innermost one of this thread.
     *
     * @throws IllegalStateException on a virtual thread, whose carrier native calls would pin
     */
    public static Scope open() {
        if (Thread.currentThread().isVirtual()) {
            throw new IllegalStateException(
                    "tensors belong to platform threads: native calls pin the carrier of a virtual thread");
        }
        Torch.load();
        Scope scope = new Scope(INNERMOST.get());
        INNERMOST.set(scope);
        return scope;
    }

    /** Throws unless this thread may make tensors now: it has an open scope to own them. */
    static void requireOpen() {
        if (INNERMOST.get() == null) {
            throw new IllegalStateException("no open Scope on thread \""
                    + Thread.currentThread().getName()
                    + "\": wrap the work in try (Scope scope = Scope.open()) { ... }");
        }
    }

    /**
     * Moves a tensor made in this scope to the next outer one, which then owns it.
     *
     * @return {@code tensor}
     * @throws IllegalStateException where there is no outer scope
     */
    public Tensor keep(Tensor tensor) {
        requireUsable();
        if (outer == null) {
            throw new IllegalStateException("no outer scope to keep the tensor in");
        }
        outer.pointers.attach(tensor.handle);
        pointers.detach(tensor.handle);
        return tensor;
    }

    /** Frees everything that the scope owns. Scopes close in the reverse order of opening. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        requireUsable();
        closed = true;
        pointers.close();
        if (outer == null) {
            INNERMOST.remove();
        } else {
            INNERMOST.set(outer);
        }
    }

    private void requireUsable() {
        if (closed) {
            throw new IllegalStateException("the scope is closed");
        }
        if (!Thread.currentThread().equals(owner)) {
            throw new IllegalStateException("the scope belongs to thread \"" + owner.getName() + "\"");
        }
        if (INNERMOST.get() != this) {
            throw new IllegalStateException("the scope is not the innermost one: close the inner ones first");
        }
    }
}
