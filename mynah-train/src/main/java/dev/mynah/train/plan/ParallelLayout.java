package dev.mynah.train.plan;

/**
 * How a model's training is divided over devices.
 *
 * @param data replicas, each with a part of the batch
 * @param tensor devices that share every matrix (Shoeybi et al. 2019), and between the matrices the sequence (Korthikanti et al. 2022)
 * @param pipeline stages that share the layers (Narayanan et al. 2021)
 * @param zero what the replicas divide among themselves instead of repeating it (Rajbhandari et al. 2020): 0 nothing, 1 optimiser states, 2 gradients too, 3 weights too
 */
public record ParallelLayout(int data, int tensor, int pipeline, int zero) {

    private static final int WEIGHT_BYTES = 2;
    private static final int GRADIENT_BYTES = 2;
    private static final int OPTIMIZER_BYTES = 12;

    /**
     * Memory of the fullest device, in bytes. Weights and gradients in bf16; the optimiser holds fp32 weights and AdamW's two moments (16 bytes a parameter in all, which is also what fp32 weights,
     * fp32 gradients and two moments take, as Mynah keeps them).
     *
     * @param activations of one micro-batch, all of them kept
     * @param selective the same with attention's scores computed again in the backward pass, as fused attention does
     * @param recomputed the same with only the input of each layer kept
     */
    public record Memory(
            double weights,
            double gradients,
            double optimizer,
            double activations,
            double selective,
            double recomputed) {

        /** What does not depend on the batch. */
        public double states() {
            return weights + gradients + optimizer;
        }
    }

    public ParallelLayout {
        if (data < 1 || tensor < 1 || pipeline < 1) {
            throw new IllegalArgumentException("data, tensor and pipeline must be at least 1");
        }
        if (zero < 0 || zero > 3) {
            throw new IllegalArgumentException("the ZeRO stage must lie in 0..3, not " + zero);
        }
    }

    /** Devices in all. */
    public int devices() {
        return data * tensor * pipeline;
    }

    /** @throws IllegalArgumentException if the model cannot be divided so */
    public void check(PlannedModel model) {
        if (model.heads() % tensor != 0) {
            throw new IllegalArgumentException(
                    "tensor parallelism " + tensor + " does not divide the " + model.heads() + " heads");
        }
        if (pipeline > model.layers()) {
            throw new IllegalArgumentException(
                    "there are more pipeline stages (" + pipeline + ") than layers (" + model.layers() + ")");
        }
    }

    /**
     * Memory with micro-batches of {@code microBatch} sequences, by the formulas of Korthikanti et al. 2022 (table 2, and 2 bytes for each element of a layer's input). The first of the pipeline's
     * stages has a micro-batch under way for every stage, so that its activations are those of all layers. Embeddings count as spread over the stages; logits and what the communication needs are
     * left out.
     */
    public Memory memory(PlannedModel model, int microBatch) {
        double parameters = (double) model.parameters() / tensor / pipeline;
        double elements = (double) model.context() * microBatch * model.width() / tensor;
        double scores = 5.0 * model.heads() * model.context() / model.width();
        return new Memory(
                WEIGHT_BYTES * parameters / (zero >= 3 ? data : 1),
                GRADIENT_BYTES * parameters / (zero >= 2 ? data : 1),
                OPTIMIZER_BYTES * parameters / (zero >= 1 ? data : 1),
                model.layers() * elements * (34 + scores),
                model.layers() * elements * 34,
                elements * (2 * model.layers() + 34 + scores));
    }
}
