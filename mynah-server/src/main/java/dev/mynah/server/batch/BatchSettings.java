package dev.mynah.server.batch;

import dev.mynah.server.answer.Terms;
import java.util.Map;

/**
 * What the environment says about batches.
 *
 * @param parallel     requests that this process answers at once
 * @param pricePercent of the usual price
 */
public record BatchSettings(int parallel, int pricePercent) {

    /** @throws IllegalArgumentException if a setting is wrong, with its name */
    public static BatchSettings of(Map<String, String> environment) {
        return new BatchSettings(
                number(environment, "MYNAH_BATCH_PARALLEL", 4, 0, 1_000),
                number(environment, "MYNAH_BATCH_PRICE_PERCENT", 50, 0, 100));
    }

    private static int number(Map<String, String> environment, String name, int otherwise, int least, int most) {
        String text = environment.getOrDefault(name, String.valueOf(otherwise));
        if (!text.matches("[0-9]{1,4}") || Integer.parseInt(text) < least || Integer.parseInt(text) > most) {
            throw new IllegalArgumentException(
                    name + " must be a whole number of " + least + ".." + most + ", not \"" + text + "\"");
        }
        return Integer.parseInt(text);
    }

    Terms terms() {
        return new Terms(true, pricePercent);
    }
}
