package dev.mynah.server.webapp;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/** What a page shows against axe-core's rules for WCAG 2.2 AA. */
final class Axe {
    private static final String SCRIPT = script();

    /** Tells what breaks the rules. */
    private static final String RUN = """
            async () => (await axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']})).violations
                .flatMap(rule => rule.nodes.map(node => rule.id + ': ' + node.html + ' ' + node.failureSummary))""";

    private static final String DRESS = """
            async ([language, theme]) => {
                const { setLanguage } = await import('/app/i18n.js');
                document.documentElement.dataset.theme = theme;
                setLanguage(language);
                await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
            }""";

    private Axe() {}

    private static String script() {
        try (InputStream in = Axe.class.getResourceAsStream("/axe.min.js")) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Checks a view in English and light, and in Chinese and dark: colours are the same in both languages, and elements in both themes. It is left in English and light. */
    static void check(Page page, String view) {
        if ((boolean) page.evaluate("() => window.axe === undefined")) {
            page.evaluate(SCRIPT);
        }
        assertThat((List<?>) page.evaluate(RUN)).as(view).isEmpty();
        page.evaluate(DRESS, List.of("zh", "dark"));
        assertThat((List<?>) page.evaluate(RUN)).as(view + ", Chinese and dark").isEmpty();
        page.evaluate(DRESS, List.of("en", "light"));
    }
}
