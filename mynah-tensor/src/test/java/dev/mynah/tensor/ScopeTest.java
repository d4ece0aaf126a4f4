package dev.mynah.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class ScopeTest {

    @Test
    void freesWhatItOwnsAndKeepsWhatIsAskedFor() {
        try (Scope outer = Scope.open()) {
            Tensor kept;
            Tensor lost;
            try (Scope inner = Scope.open()) {
                kept = inner.keep(Tensor.of(new float[] {1, 2}));
                lost = Tensor.of(new float[] {3});
            }
            assertThat(kept.toFloats()).containsExactly(1, 2);
            assertThat(lost).hasToString("a tensor whose scope is closed");
        }
    }

    @Test
    void keepsPartsOfNativeObjectsThatAreGone() {
        try (Scope outer = Scope.open()) {
            Tensor gradient;
            Tensor piece;
            Tensor largest;
            try (Scope inner = Scope.open()) {
                Tensor x = Tensor.of(new float[] {1, 2}).requiresGrad(true);
                x.mul(x).sum().backward();
                gradient = inner.keep(x.requireGrad());
                piece = inner.keep(Tensor.of(new float[] {3, 4}).chunk(2, 0).getLast());
                largest = inner.keep(Tensor.of(new float[] {5, 6}).topK(1).values());
            }
            assertThat(Tensor.cat(List.of(gradient, piece, largest), 0).toFloats())
                    .containsExactly(2, 4, 4, 6);
        }
    }

    @Test
    void nothingIsMadeWithoutAScope() {
        assertThatThrownBy(() -> Tensor.zeros(DType.F32, Device.CPU, 1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("no open Scope");
    }

    @Test
    void scopesCloseFromTheInside() {
        try (Scope outer = Scope.open()) {
            try (Scope inner = Scope.open()) {
                assertThatThrownBy(outer::close).hasMessageContaining("not the innermost");
            }
            assertThatThrownBy(() -> outer.keep(Tensor.zeros(DType.F32, Device.CPU, 1)))
                    .hasMessageContaining("no outer scope");
        }
    }

    @Test
    void virtualThreadsAreRefused() throws InterruptedException {
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread.ofVirtual()
                .start(() -> {
                    try (Scope scope = Scope.open()) {
                        Tensor.zeros(DType.F32, Device.CPU, 1);
                    } catch (IllegalStateException e) {
                        thrown.set(e);
                    }
                })
                .join();
        assertThat(thrown.get()).hasMessageContaining("platform threads");
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "resident memory is read from /proc")
    void tenThousandScopesLeaveNothingBehind() throws IOException {
        openAndClose(1000);
        long before = residentKilobytes();
        openAndClose(10_000);
        // Every scope holds 1 MB: half a per cent of them leaked would be 50 MB. The JVM itself grows by some.
        assertThat(residentKilobytes() - before).isLessThan(32 * 1024);
    }

    private static void openAndClose(int times) {
        for (int i = 0; i < times; i++) {
            try (Scope scope = Scope.open()) {
                Tensor.zeros(DType.F32, Device.CPU, 256, 1024).fill_(i);
            }
        }
    }

    static long residentKilobytes() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow();
    }
}
