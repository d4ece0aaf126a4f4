package dev.mynah.server.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;

/** Refuses parameters of an address that its route does not look at, by name: what is misspelt would mean nothing, and nobody would be told. */
final class UnknownParameters implements HandlerInterceptor {

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
        @Nullable String query = request.getQueryString();
        if (query != null && handler instanceof HandlerMethod route) {
            Set<String> known = known(route);
            for (String parameter : query.split("&")) {
                String name = decoded(parameter.split("=", 2)[0]);
                // Arrays are written with brackets.
                if (!name.isEmpty() && !known.contains(name.replaceFirst("\\[]$", "")) && !isMetadata(route, name)) {
                    throw ApiException.badRequest(
                            "Unrecognized request argument supplied: " + name, name, "unknown_parameter");
                }
            }
        }
        return true;
    }

    private static String decoded(String name) {
        try {
            return URLDecoder.decode(name, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw ApiException.badRequest("The name of a parameter of the address is not well encoded.");
        }
    }

    private static Set<String> known(HandlerMethod route) {
        Set<String> known = new HashSet<>();
        for (MethodParameter parameter : route.getMethodParameters()) {
            @Nullable
            RequestParam named =
                    AnnotatedElementUtils.findMergedAnnotation(parameter.getParameter(), RequestParam.class);
            if (named != null) {
                known.add(named.name());
            }
        }
        return known;
    }

    /** Routes whose lists can be asked for by metadata read it off the request. */
    private static boolean isMetadata(HandlerMethod route, String name) {
        if (!Pages.isMetadata(name)) {
            return false;
        }
        for (MethodParameter parameter : route.getMethodParameters()) {
            if (parameter.getParameterType() == HttpServletRequest.class) {
                return true;
            }
        }
        return false;
    }
}
