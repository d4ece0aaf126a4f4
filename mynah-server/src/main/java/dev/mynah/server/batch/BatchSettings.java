package dev.mynah.server.batch;

import dev.mynah.server.answer.Terms;
import dev.mynah.server.config.ServiceConfig;

/**
 * What holds for batches.
 *
 * @param parallel     requests that this process answers at once
 * @param pricePercent of the usual price
 */
public record BatchSettings(int parallel, int pricePercent) {

    public static BatchSettings of(ServiceConfig.Batch config) {
        return new BatchSettings(config.parallel(), config.pricePercent());
    }

    Terms terms() {
        return new Terms(true, pricePercent);
    }
}
