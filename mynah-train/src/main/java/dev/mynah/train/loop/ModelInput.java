package dev.mynah.train.loop;

import dev.mynah.model.AttentionMask;
import dev.mynah.model.Positions;
import dev.mynah.model.Transformer;
import dev.mynah.tensor.DType;
import dev.mynah.tensor.Device;
import dev.mynah.tensor.Tensor;

/**
 * How a batch goes into the model.
 *
 * @param compute element type of the computation
 * @param documentMask whether attention stays within a document
 */
public record ModelInput(DType compute, boolean documentMask) {

    /** Final hidden states {@code [rows, context, width]}. */
    public Tensor hidden(Transformer model, Batch batch) {
        Device device = model.device();
        Tensor ids = batch.ids().to(device);
        if (!documentMask || !batch.boundaries()) {
            return model.hidden(ids, compute);
        }
        Tensor mask = AttentionMask.documents(batch.documents().to(device), compute);
        // Rotary positions are relative, so only learned ones must begin again with each document.
        boolean learned = model.config().positions() == Positions.LEARNED;
        return model.hidden(ids, mask, learned ? batch.positions().to(device) : null, compute);
    }
}
