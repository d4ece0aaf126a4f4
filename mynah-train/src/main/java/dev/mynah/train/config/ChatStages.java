package dev.mynah.train.config;

/** What all stages that learn from conversations ask of their configuration. */
final class ChatStages {

    private ChatStages() {}

    static void check(TrainSection train) {
        if (!train.documentMask()) {
            throw new IllegalArgumentException(
                    "train.document_mask is false, but conversations in one sequence never see each other");
        }
    }

    /** That the answers of a batch are divided without a rest. */
    static void checkDivides(TrainSection train, String key, int parts) {
        if (train.batch() % parts != 0) {
            throw new IllegalArgumentException(
                    "train.batch (" + train.batch() + ") is not divisible by " + key + " (" + parts + ")");
        }
    }
}
