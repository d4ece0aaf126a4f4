package dev.mynah.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class TensorTest {

    @Test
    void multipliesMatrices() {
        try (Scope scope = Scope.open()) {
            Tensor a = Tensor.of(new float[] {1, 2, 3, 4}, 2, 2);
            Tensor b = Tensor.of(new float[] {5, 6, 7, 8}, 2, 2);
            assertThat(a.matmul(b).toFloats()).containsExactly(19, 22, 43, 50);
        }
    }

    @Test
    void aRefusedOperationNamesItselfAndTheShapes() {
        try (Scope scope = Scope.open()) {
            Tensor a = Tensor.zeros(DType.F32, Device.CPU, 2, 3);
            Tensor b = Tensor.zeros(DType.F32, Device.CPU, 4, 5);
            assertThatThrownBy(() -> a.matmul(b))
                    .isInstanceOf(TensorException.class)
                    .hasMessageStartingWith("matmul(F32[2, 3], F32[4, 5]): ")
                    .hasMessageNotContaining("\n");
        }
    }

    @Test
    void fillsOnlyTheShapeThatTheValuesHave() {
        try (Scope scope = Scope.open()) {
            assertThatThrownBy(() -> Tensor.of(new float[] {1, 2, 3}, 2, 2))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("3 values do not fill the shape [2, 2]");
        }
    }

    @Test
    void sharesMemoryWithASegment() {
        try (Scope scope = Scope.open();
                Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(ValueLayout.JAVA_FLOAT, 4);
            Tensor tensor = Tensor.fromSegment(memory, DType.F32, 2, 2);
            memory.setAtIndex(ValueLayout.JAVA_FLOAT, 3, 7f);
            assertThat(tensor.toFloats()).containsExactly(0, 0, 0, 7);
            assertThatThrownBy(() -> Tensor.fromSegment(memory, DType.F32, 2, 3))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void gradientOfAQuadraticIsLinear() {
        try (Scope scope = Scope.open()) {
            Tensor x = Tensor.of(new float[] {1, -2, 3}).requiresGrad(true);
            x.mul(x).sum().backward();
            assertThat(Objects.requireNonNull(x.grad()).toFloats()).containsExactly(2, -4, 6);
            x.clearGrad();
            assertThat(x.grad()).isNull();
            try (Autograd.Mode mode = Autograd.noGrad()) {
                assertThat(x.mul(x).requiresGrad()).isFalse();
            }
            assertThat(x.mul(x).requiresGrad()).isTrue();
        }
    }

    @Test
    void attentionInOneOperationEqualsItsDefinition() {
        try (Scope scope = Scope.open()) {
            Generator generator = new Generator(1);
            Tensor q = Tensor.empty(DType.F32, Device.CPU, 2, 4, 5, 8).normal_(0, 1, generator);
            Tensor k = Tensor.empty(DType.F32, Device.CPU, 2, 4, 5, 8).normal_(0, 1, generator);
            Tensor v = Tensor.empty(DType.F32, Device.CPU, 2, 4, 5, 8).normal_(0, 1, generator);
            float[] fused = Nn.scaledDotProductAttention(q, k, v, null, false).toFloats();
            float[] plain = q.matmul(k.transpose(-2, -1))
                    .mul(1 / Math.sqrt(8))
                    .softmax(-1)
                    .matmul(v)
                    .toFloats();
            for (int i = 0; i < plain.length; i++) {
                assertThat(fused[i]).isCloseTo(plain[i], within(1e-5f));
            }
        }
    }

    @Test
    void operatorsAreFoundByName() {
        try (Scope scope = Scope.open()) {
            Tensor a = Tensor.of(new float[] {1, 2});
            Tensor b = Tensor.of(new float[] {10, 20});
            List<Tensor> sum = Operator.named("aten::add.Tensor").call(a, b, 2);
            assertThat(sum).hasSize(1);
            assertThat(sum.getFirst().toFloats()).containsExactly(21, 42);
            assertThatThrownBy(() -> Operator.named("aten::no_such_operator"))
                    .isInstanceOf(TensorException.class)
                    .hasMessageContaining("aten::no_such_operator");
        }
    }

    @Test
    void aGeneratorContinuesWhereItsStateWasTaken() {
        try (Scope scope = Scope.open()) {
            Generator generator = new Generator(42);
            Tensor sample = Tensor.empty(DType.F32, Device.CPU, 1000);
            sample.normal_(0, 1, generator);
            byte[] state = generator.state();
            float[] expected = sample.normal_(0, 1, generator).toFloats();
            Generator other = new Generator(7);
            other.restore(state);
            assertThat(sample.normal_(0, 1, other).toFloats()).containsExactly(expected);
            assertThatThrownBy(() -> other.restore(new byte[3])).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void unknownDevicesAreRefused() {
        assertThat(Device.parse("cpu")).isEqualTo(Device.CPU);
        assertThatThrownBy(() -> Device.parse("tpu")).hasMessageContaining("use cpu, cuda or cuda:N");
        assertThatThrownBy(() -> Device.parse("cuda:" + Torch.cudaDevices())).hasMessageContaining("is not there");
    }
}
