package dev.mynah.engine.fused;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** Zeroed memory that takes up no room until it is written, which an arena's does. */
final class NativeMemory implements AutoCloseable {
    private static final MethodHandle CALLOC =
            handle("calloc", FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG));
    private static final MethodHandle FREE = handle("free", FunctionDescriptor.ofVoid(ValueLayout.ADDRESS));

    private final MemorySegment memory;

    /** Takes memory. */
    NativeMemory(long bytes) {
        memory = call(CALLOC, bytes, 1L).reinterpret(bytes);
        if (memory.address() == 0) {
            throw new OutOfMemoryError("no " + bytes + " bytes of native memory");
        }
    }

    private static MethodHandle handle(String name, FunctionDescriptor descriptor) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), descriptor);
    }

    private static MemorySegment call(MethodHandle function, Object... arguments) {
        try {
            Object result = function.invokeWithArguments(arguments);
            return result == null ? MemorySegment.NULL : (MemorySegment) result;
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /** The first byte, at a multiple of 16. */
    long address() {
        return memory.address();
    }

    MemorySegment slice(long offset, long bytes) {
        return memory.asSlice(offset, bytes);
    }

    @Override
    public void close() {
        call(FREE, memory);
    }
}
