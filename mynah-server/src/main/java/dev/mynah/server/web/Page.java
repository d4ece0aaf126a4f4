package dev.mynah.server.web;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A page of a list.
 *
 * @param next where the next page begins, or null on the last
 */
public record Page<T>(List<T> data, @Nullable String next) {

    /** A page of rows, of which another follows where it is full. */
    public static <R, T> Page<T> of(List<R> rows, int size, Function<R, T> body, Function<R, String> cursor) {
        return new Page<>(rows.stream().map(body).toList(), rows.size() == size ? cursor.apply(rows.getLast()) : null);
    }
}
