package dev.mynah.train.pretrain;

import dev.mynah.model.Transformer;
import dev.mynah.tensor.Autograd;
import dev.mynah.tensor.Scope;
import dev.mynah.text.Tokenizer;
import dev.mynah.train.loop.Batch;
import dev.mynah.train.loop.Loss;
import dev.mynah.train.loop.ModelInput;
import dev.mynah.train.run.EvalMetrics;

/** Loss on documents that training does not see, always on the same rows. */
final class Evaluation {

    private final Batches batches;
    private final int rows;
    private final int microBatch;
    private final int context;
    private final int[] textBytes;

    /**
     * @param batches the validation split
     * @param tokens how many tokens to look at, at most
     */
    Evaluation(Batches batches, int context, int microBatch, long tokens, Tokenizer tokenizer) {
        this.batches = batches;
        this.rows = Math.clamp(tokens / context, 1, batches.rows());
        this.microBatch = microBatch;
        this.context = context;
        textBytes = new int[tokenizer.vocabSize()];
        for (int id = 0; id < textBytes.length; id++) {
            textBytes[id] = tokenizer.isSpecial(id) ? 0 : tokenizer.bytes(id).length;
        }
    }

    /**
     * Nats a token and bits a byte of UTF-8 text. The ends of documents are predicted too: their bits count, and they have no bytes.
     */
    EvalMetrics run(Transformer model, ModelInput input, int step) {
        double nats = 0;
        long bytes = 0;
        for (int from = 0; from < rows; from += microBatch) {
            try (Scope scope = Scope.open();
                    Autograd.Mode mode = Autograd.noGrad()) {
                Batch batch = batches.inOrder(from, Math.min(microBatch, rows - from));
                nats += Loss.evaluate(
                        model, input.hidden(model, batch), batch.targets().to(model.device()));
                for (long target : batch.targets().toLongs()) {
                    bytes += textBytes[(int) target];
                }
            }
        }
        double tokens = (double) rows * context;
        return new EvalMetrics(step, nats / tokens, nats / Math.log(2) / Math.max(1, bytes));
    }
}
