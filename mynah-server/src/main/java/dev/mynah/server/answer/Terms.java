package dev.mynah.server.answer;

import dev.mynah.server.billing.Plan;
import dev.mynah.server.provider.RegisteredModel;

/**
 * On what terms an answer is given that nobody waits for.
 *
 * @param last         whether it comes after all that somebody waits for
 * @param pricePercent of the usual price
 */
public record Terms(boolean last, int pricePercent) {
    /** As every request that somebody waits for. */
    public static final Terms USUAL = new Terms(false, 100);

    private static final int LOWEST = -1_000;
    private static final int HUNDRED = 100;

    Plan of(Plan plan) {
        return last ? new Plan(plan.id(), plan.name(), LOWEST, plan.metered(), plan.perMinute(), plan.perDay()) : plan;
    }

    RegisteredModel of(RegisteredModel model) {
        return pricePercent == HUNDRED
                ? model
                : model.pricedAt(part(model.inputPrice()), part(model.cachedInputPrice()), part(model.outputPrice()));
    }

    /** Rounded half up. */
    private long part(long price) {
        return (price * pricePercent + HUNDRED / 2) / HUNDRED;
    }
}
