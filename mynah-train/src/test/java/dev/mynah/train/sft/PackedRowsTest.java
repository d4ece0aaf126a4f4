package dev.mynah.train.sft;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mynah.model.ModelConfig;
import dev.mynah.model.Transformer;
import dev.mynah.tensor.Autograd;
import dev.mynah.tensor.DType;
import dev.mynah.tensor.Device;
import dev.mynah.tensor.Generator;
import dev.mynah.tensor.Nn;
import dev.mynah.tensor.Scope;
import dev.mynah.tensor.Tensor;
import dev.mynah.train.chat.ChatFormat.Encoded;
import dev.mynah.train.loop.Batch;
import dev.mynah.train.loop.Loss;
import dev.mynah.train.loop.ModelInput;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PackedRowsTest {

    private static Encoded conversation(int first, int length, int learnedFrom) {
        boolean[] learned = new boolean[length];
        for (int i = learnedFrom; i < length; i++) {
            learned[i] = true;
        }
        return new Encoded(IntStream.range(first, first + length).toArray(), learned);
    }

    @Test
    void onlyLearnedTokensAreTargetsAndPositionsBeginAgain() {
        PackedRows rows = new PackedRows(List.of(conversation(10, 4, 2), conversation(20, 3, 0)), 8, 99);
        assertThat(rows.rows()).isEqualTo(1);
        // The first token of a conversation follows nothing, so it is not learned though the assistant wrote it.
        assertThat(rows.targets(0)).isEqualTo(2 + 2);
        assertThat(rows.learned()).isEqualTo(4);
        try (Scope scope = Scope.open()) {
            Batch batch = rows.batch(0);
            long no = Nn.IGNORE;
            assertThat(batch.ids().toLongs()).containsExactly(10, 11, 12, 13, 20, 21, 22, 99);
            assertThat(batch.targets().toLongs()).containsExactly(no, 12, 13, no, 21, 22, no, no);
            assertThat(batch.documents().toLongs()).containsExactly(0, 0, 0, 0, 1, 1, 1, 2);
            assertThat(batch.positions().toLongs()).containsExactly(0, 1, 2, 3, 0, 1, 2, 0);
            assertThat(batch.boundaries()).isTrue();
        }
    }

    @Test
    void rowsToLookAtAreSpreadOverLongAndShort() {
        PackedRows rows = new PackedRows(
                IntStream.range(0, 10)
                        .mapToObj(i -> conversation(100 * i, 64 - 2 * i, 1))
                        .toList(),
                64,
                0);
        assertThat(rows.rows()).isEqualTo(10);
        assertThat(rows.spread(1)).containsExactly(5);
        assertThat(rows.spread(3)).containsExactly(1, 5, 8);
        assertThat(rows.spread(10)).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
    }

    @Test
    void everyConversationStandsInOneRowAndRowsAreWellFilled() {
        SplittableRandom random = new SplittableRandom(4);
        List<Encoded> conversations = new ArrayList<>();
        int tokens = 0;
        for (int i = 0; i < 500; i++) {
            int length = random.nextInt(3, 65);
            conversations.add(conversation(1000 * (i + 1), length, 1));
            tokens += length;
        }
        PackedRows rows = new PackedRows(conversations, 64, 0);
        assertThat(rows.rows() * 64).isBetween(tokens, tokens * 103 / 100);
        assertThat(rows.learned()).isEqualTo(tokens - 500);
        List<Long> firsts = new ArrayList<>();
        try (Scope scope = Scope.open()) {
            for (int row = 0; row < rows.rows(); row++) {
                for (long id : rows.batch(row).ids().toLongs()) {
                    if (id > 0 && id % 1000 == 0) {
                        firsts.add(id / 1000);
                    }
                }
            }
        }
        assertThat(firsts).hasSize(500).doesNotHaveDuplicates();
    }

    /** The loss of a packed row is that of its conversations one by one, for relative positions and for learned ones. */
    @Test
    void conversationsOfARowDoNotSeeEachOther() {
        SplittableRandom random = new SplittableRandom(5);
        List<Encoded> conversations = new ArrayList<>();
        for (int length : new int[] {20, 17, 9}) {
            Encoded shape = conversation(0, length, length / 2);
            conversations.add(new Encoded(random.ints(length, 0, 96).toArray(), shape.learned()));
        }
        for (ModelConfig config : List.of(
                ModelConfig.llama()
                        .vocabSize(96)
                        .context(50)
                        .layers(2)
                        .width(32)
                        .heads(2)
                        .build(),
                ModelConfig.gpt2()
                        .vocabSize(96)
                        .context(50)
                        .layers(2)
                        .width(32)
                        .heads(2)
                        .build())) {
            try (Scope scope = Scope.open();
                    Autograd.Mode mode = Autograd.noGrad()) {
                Transformer model = Transformer.create(config, Device.CPU);
                model.init(new Generator(2));
                model.parameters().values().forEach(parameter -> parameter.mul_(5));
                double apart = 0;
                for (Encoded conversation : conversations) {
                    apart += loss(model, new PackedRows(List.of(conversation), 20, 7));
                }
                PackedRows together = new PackedRows(conversations, 50, 7);
                assertThat(together.rows()).isEqualTo(1);
                assertThat(Math.abs(loss(model, together) - apart)).isLessThan(1e-3);
            }
        }
    }

    private static double loss(Transformer model, PackedRows rows) {
        Batch batch = rows.batch(0);
        Tensor hidden = new ModelInput(DType.F32, true).hidden(model, batch);
        return Loss.evaluate(model, hidden, batch.targets());
    }
}
