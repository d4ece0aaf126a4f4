package dev.mynah.server.store;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A statement with the values of its parameters. */
public record Sql(String text, List<@Nullable Object> values) {

    /** A statement with a value for each {@code ?}. */
    public static Sql of(String text, @Nullable Object... values) {
        return new Sql(text, Collections.unmodifiableList(Arrays.asList(values)));
    }
}
