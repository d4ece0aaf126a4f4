package dev.mynah.server.web;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A page of a list, in the form of the OpenAI API.
 *
 * @param object always {@code list}
 */
public record ListPage<T>(
        String object,
        List<T> data,
        @Nullable String firstId,
        @Nullable String lastId,
        boolean hasMore) {

    /** Of {@code rows}, of which there is one more than {@code size} where the list goes on. */
    public static <R, T> ListPage<T> of(List<R> rows, int size, Function<R, T> body, Function<R, String> id) {
        return of(rows.subList(0, Math.min(size, rows.size())), rows.size() > size, body, id);
    }

    /** Of what is shown. */
    public static <R, T> ListPage<T> of(List<R> shown, boolean hasMore, Function<R, T> body, Function<R, String> id) {
        return new ListPage<>(
                "list",
                shown.stream().map(body).toList(),
                shown.isEmpty() ? null : id.apply(shown.getFirst()),
                shown.isEmpty() ? null : id.apply(shown.getLast()),
                hasMore);
    }
}
