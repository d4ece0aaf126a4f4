package dev.mynah.train.ppo;

import dev.mynah.data.Corpus;
import dev.mynah.data.CorpusConfig;
import dev.mynah.data.SplitFractions;
import dev.mynah.model.Transformer;
import dev.mynah.tensor.Scope;
import dev.mynah.train.Datasets;
import dev.mynah.train.chat.ChatBase;
import dev.mynah.train.chat.ChatData;
import dev.mynah.train.chat.ChatFormat.Encoded;
import dev.mynah.train.config.ChatDataSection;
import dev.mynah.train.config.PolicyConfig;
import dev.mynah.train.config.PolicySection.Mix;
import dev.mynah.train.loop.Batch;
import dev.mynah.train.loop.Loss;
import dev.mynah.train.loop.ModelInput;
import dev.mynah.train.loop.RowOrder;
import dev.mynah.train.run.Monitor;
import dev.mynah.train.sft.PackedRows;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Texts and conversations of earlier stages, whose loss is mixed in so that the policy does not forget them (PPO-ptx, Ouyang et al. 2022, equation 2). */
final class MixedIn {

    private final Mix mix;
    private final Transformer policy;
    private final PackedRows rows;
    private final RowOrder order;
    private final ModelInput input;

    private MixedIn(Mix mix, Transformer policy, PackedRows rows, RowOrder order, ModelInput input) {
        this.mix = mix;
        this.policy = policy;
        this.rows = rows;
        this.order = order;
        this.input = input;
    }

    /** Reads what the policy's configuration names to be mixed in, or returns null where it names nothing. */
    static @Nullable MixedIn read(Policy policy, Datasets datasets, Monitor monitor) throws IOException {
        Mix mix = policy.section().mix();
        if (mix == null) {
            return null;
        }
        PolicyConfig config = policy.config();
        ChatBase base = policy.base();
        List<Encoded> encoded = new ArrayList<>();
        if (!mix.conversations().isEmpty()) {
            ChatDataSection section = new ChatDataSection(
                    mix.conversations(), List.of(), null, null, 0, config.data().skipBad());
            encoded.addAll(
                    ChatData.conversations(section, datasets, base.format(), base.context(), config.seed(), monitor)
                            .train());
        }
        if (!mix.texts().isEmpty()) {
            encoded.addAll(texts(mix.texts(), datasets, base));
        }
        PackedRows rows = new PackedRows(encoded, base.context(), base.padId());
        return new MixedIn(
                mix,
                policy.model(),
                rows,
                new RowOrder(rows.rows(), config.seed()),
                new ModelInput(policy.compute(), true));
    }

    private static List<Encoded> texts(List<String> paths, Datasets datasets, ChatBase base) throws IOException {
        CorpusConfig corpus = CorpusConfig.ofSources(datasets.resolve(paths)).withSplit(new SplitFractions(1, 0, 0));
        try (Stream<String> texts = Corpus.texts(corpus)) {
            return texts.map(text -> {
                        int[] ids = base.tokenizer().encodeForModel(text);
                        int[] row = Arrays.copyOf(ids, Math.min(ids.length, base.context()));
                        boolean[] learned = new boolean[row.length];
                        Arrays.fill(learned, true);
                        return new Encoded(row, learned);
                    })
                    .toList();
        }
    }

    /** Adds the gradients of the rows that belong to an optimiser step, which counts from 0. */
    void backward(long update) {
        int[] chosen = order.range(update * mix.rows(), mix.rows());
        double targets = Math.max(1, IntStream.of(chosen).map(rows::targets).sum());
        try (Scope scope = Scope.open()) {
            Batch batch = rows.batch(chosen);
            Loss.backward(
                    policy,
                    input.hidden(policy, batch),
                    batch.targets().to(policy.device()),
                    mix.coefficient() / targets);
        }
    }
}
