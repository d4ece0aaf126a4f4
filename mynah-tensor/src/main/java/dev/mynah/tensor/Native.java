package dev.mynah.tensor;

import java.util.function.Supplier;

/** Calls of libtorch, whose refusals become exceptions that name the operation and the shapes of its inputs. */
final class Native {

    private Native() {}

    /**
     * Runs one operation.
     *
     * @throws TensorException if libtorch refuses it
     * @throws IllegalStateException if no scope is open that would own what it makes
     */
    static <T> T call(String name, Supplier<T> operation, Tensor... inputs) {
        Scope.requireOpen();
        try {
            return operation.get();
        } catch (RuntimeException e) {
            StringBuilder message = new StringBuilder(name).append('(');
            for (int i = 0; i < inputs.length; i++) {
                message.append(i == 0 ? "" : ", ").append(inputs[i]);
            }
            throw new TensorException(message.append("): ").append(reason(e)).toString(), e);
        }
    }

    /** As {@link #call} for an operation that gives nothing back. */
    static void run(String name, Runnable operation, Tensor... inputs) {
        call(
                name,
                () -> {
                    operation.run();
                    return true;
                },
                inputs);
    }

    /** libtorch's own reason in one line; what follows is its stack. */
    static String reason(RuntimeException e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }
}
