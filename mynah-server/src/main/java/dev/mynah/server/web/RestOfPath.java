package dev.mynah.server.web;

import java.util.List;
import org.springframework.http.HttpMethod;
import org.springframework.web.server.MethodNotAllowedException;

/** What a pattern such as {@code /v1/models/{*id}} takes: the rest of the path, since names may have slashes. */
public final class RestOfPath {
    private RestOfPath() {}

    /** The name in it; a path that ends before one is another, which has no such method. */
    public static String name(String rest) {
        if (rest.isEmpty()) {
            throw new MethodNotAllowedException("without a name", List.of(HttpMethod.GET));
        }
        return rest.substring(1);
    }
}
