package dev.mynah.tensor;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/**
 * Keeps standard output clean: while one is open, what native code writes there goes to standard error. Where the system does not know POSIX's {@code dup2}, nothing changes.
 */
final class StandardOutput implements AutoCloseable {

    private static final int STDOUT = 1;
    private static final int STDERR = 2;

    private static final Optional<MethodHandle> DUP =
            posix("dup", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    private static final Optional<MethodHandle> DUP2 =
            posix("dup2", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    private static final Optional<MethodHandle> CLOSE =
            posix("close", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));

    /** Where standard output went before, or -1 where it could not be turned away. */
    private final int before;

    private StandardOutput(int before) {
        this.before = before;
    }

    /** Turns standard output to standard error, until the result is closed. */
    static StandardOutput toStandardError() {
        System.out.flush();
        int before = DUP2.isPresent() && CLOSE.isPresent() ? call(DUP, STDOUT) : -1;
        if (before >= 0) {
            call(DUP2, STDERR, STDOUT);
        }
        return new StandardOutput(before);
    }

    @Override
    public void close() {
        if (before >= 0) {
            System.out.flush();
            call(DUP2, before, STDOUT);
            call(CLOSE, before);
        }
    }

    private static Optional<MethodHandle> posix(String name, FunctionDescriptor type) {
        Linker linker = Linker.nativeLinker();
        Optional<MemorySegment> function = linker.defaultLookup().find(name);
        return function.map(address -> linker.downcallHandle(address, type));
    }

    private static int call(Optional<MethodHandle> function, Object... arguments) {
        if (function.isEmpty()) {
            return -1;
        }
        try {
            return (int) function.get().invokeWithArguments(arguments);
        } catch (Throwable e) {
            throw new IllegalStateException("dup2 and its like take numbers and throw nothing", e);
        }
    }
}
