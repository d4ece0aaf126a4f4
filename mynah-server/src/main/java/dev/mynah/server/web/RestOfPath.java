package dev.mynah.server.web;

import org.springframework.http.HttpStatus;

/** What a pattern such as {@code /v1/models/{*id}} takes: the rest of the path, since names may have slashes. */
public final class RestOfPath {
    private RestOfPath() {}

    /** The name in it; a path that ends before one is another, which has no such method. */
    public static String name(String rest) {
        if (rest.isEmpty()) {
            throw ApiException.of(HttpStatus.METHOD_NOT_ALLOWED, "This needs a name in its path.", null, null);
        }
        return rest.substring(1);
    }
}
