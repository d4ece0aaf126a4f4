package dev.mynah.server.web;

import jakarta.servlet.http.HttpServletRequest;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a list's parameters may be. */
public final class Pages {
    /** Rows of a page unless {@code limit} says otherwise. */
    public static final String DEFAULT = "50";

    private static final int MAX_SIZE = 200;
    private static final int MAX_SEARCH = 200;
    private static final Pattern METADATA = Pattern.compile("metadata\\[(.{1,64})]");

    private Pages() {}

    /** A {@code limit}, checked. */
    public static int size(int limit) {
        return size(limit, MAX_SIZE);
    }

    /** A {@code limit} of at most {@code most}, checked. */
    public static int size(int limit, int most) {
        if (limit < 1 || limit > most) {
            throw ApiException.badRequest("limit must lie in 1.." + most + ", not " + limit, "limit", "invalid_value");
        }
        return limit;
    }

    /** An {@code after} that is an id, empty for the first page. */
    public static String cursor(String id) {
        if (!id.matches("[0-9a-z_-]{0,64}")) {
            throw ApiException.badRequest("after must be the \"next\" of another page", "after", "invalid_value");
        }
        return id;
    }

    /** An {@code order}, checked: {@code desc} or {@code asc}. */
    public static boolean newestFirst(String order) {
        if (!order.equals("desc") && !order.equals("asc")) {
            throw ApiException.badRequest("order is asc or desc", "order", "invalid_value");
        }
        return order.equals("desc");
    }

    /** A {@code q}, checked: what is searched for, empty for everything. */
    public static String search(String text) {
        if (text.length() > MAX_SEARCH || text.indexOf('\0') >= 0) {
            throw ApiException.badRequest(
                    "q has at most " + MAX_SEARCH + " characters, and no NUL among them", "q", "invalid_value");
        }
        return text.strip();
    }

    /** Whether a parameter asks for a word of the metadata. */
    static boolean isMetadata(String name) {
        return METADATA.matcher(name).matches();
    }

    /** The words of parameters {@code metadata[NAME]}, by their names. */
    public static Map<String, String> metadata(HttpServletRequest request) {
        Map<String, String> metadata = new HashMap<>();
        request.getParameterMap().forEach((name, values) -> {
            Matcher matcher = METADATA.matcher(name);
            if (matcher.matches() && values[0].indexOf('\0') < 0 && name.indexOf('\0') < 0) {
                metadata.put(matcher.group(1), values[0]);
            }
        });
        return metadata;
    }
}
