package dev.mynah.server.web;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.http.CacheControl;
import org.springframework.web.servlet.config.annotation.ResourceHandlerRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** Serves the web app's files, and under {@code /lib/NAME/} the JavaScript libraries that stand in jars, whichever version the build chose. */
@Configuration(proxyBeanMethods = false)
class WebLibraries implements WebMvcConfigurer {
    /** Each library, and a file at its root. */
    private static final Map<String, String> LIBRARIES = Map.of(
            "lit", "_static/lit/*/package.json",
            "lit-html", "_static/lit-html/*/package.json",
            "lit-element", "_static/lit-element/*/package.json",
            "reactive-element", "_static/reactive-element/*/package.json",
            "marked", "_static/marked/*/package.json",
            "dompurify", "_static/dompurify/*/package.json",
            "highlightjs", "webjars/highlightjs/*/highlight.min.js",
            "katex", "webjars/katex/*/package.json");

    @Override
    public void addResourceHandlers(ResourceHandlerRegistry registry) {
        registry.addResourceHandler("/app/**")
                .addResourceLocations("classpath:/dev/mynah/server/web/app/")
                .setCacheControl(CacheControl.noCache());
        LIBRARIES.forEach((name, file) -> registry.addResourceHandler("/lib/" + name + "/**")
                .addResourceLocations(folder(name, file))
                .setCacheControl(CacheControl.noCache()));
    }

    private static String folder(String name, String file) {
        try {
            Resource[] found =
                    new PathMatchingResourcePatternResolver().getResources("classpath*:/META-INF/resources/" + file);
            if (found.length != 1) {
                throw new IllegalStateException(
                        "the web app needs one version of " + name + ", and the class path has " + found.length);
            }
            String url = found[0].getURL().toString();
            return url.substring(0, url.lastIndexOf('/') + 1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
