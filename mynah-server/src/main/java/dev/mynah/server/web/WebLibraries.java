package dev.mynah.server.web;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Properties;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.CacheControl;
import org.springframework.web.servlet.config.annotation.ResourceHandlerRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** Serves the web app's files, and under {@code /lib/NAME/} the JavaScript libraries that stand in jars, whichever version the build chose. */
@Configuration(proxyBeanMethods = false)
class WebLibraries implements WebMvcConfigurer {
    private static final List<Library> LIBRARIES = List.of(
            new Library("org.mvnpm", "lit", "_static"),
            new Library("org.mvnpm", "lit-html", "_static"),
            new Library("org.mvnpm", "lit-element", "_static"),
            new Library("org.mvnpm.at.lit", "reactive-element", "_static"),
            new Library("org.mvnpm", "marked", "_static"),
            new Library("org.mvnpm", "dompurify", "_static"),
            new Library("org.webjars", "highlightjs", "webjars"),
            new Library("org.webjars.npm", "katex", "webjars"));

    /** @param root where jars of its kind keep their files */
    private record Library(String groupId, String name, String root) {

        /** The folder of its files, whose name ends with the version that Maven wrote into the jar. */
        String folder() {
            String file = "META-INF/maven/" + groupId + "/" + name + "/pom.properties";
            try (InputStream in = WebLibraries.class.getClassLoader().getResourceAsStream(file)) {
                if (in == null) {
                    throw new IllegalStateException("the web app needs " + groupId + ":" + name + " on the class path");
                }
                Properties pom = new Properties();
                pom.load(in);
                return "classpath:/META-INF/resources/" + root + "/" + name + "/" + pom.getProperty("version") + "/";
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Override
    public void addResourceHandlers(ResourceHandlerRegistry registry) {
        registry.addResourceHandler("/app/**")
                .addResourceLocations("classpath:/dev/mynah/server/web/app/")
                .setCacheControl(CacheControl.noCache());
        for (Library library : LIBRARIES) {
            registry.addResourceHandler("/lib/" + library.name() + "/**")
                    .addResourceLocations(library.folder())
                    .setCacheControl(CacheControl.noCache());
        }
    }
}
