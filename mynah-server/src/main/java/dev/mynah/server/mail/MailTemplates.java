package dev.mynah.server.mail;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.stereotype.Component;

/** The words of mails, in English and Chinese. */
@Component
public final class MailTemplates {
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{(\\w+)}");
    private static final Pattern UNSAFE = Pattern.compile("\\p{Cntrl}|[\\u2028\\u2029]|(?<=\\S)[./:](?=\\S)");

    private final Properties english = read("en.properties");
    private final Properties chinese = read("zh.properties");

    private static Properties read(String name) {
        Properties words = new Properties();
        try (Reader reader = new InputStreamReader(
                Objects.requireNonNull(MailTemplates.class.getResourceAsStream(name), name), StandardCharsets.UTF_8)) {
            words.load(reader);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return words;
    }

    /** @param link what stands for {@code {link}} */
    public MailText text(String template, Locale locale, String link) {
        return text(template, locale, link, Map.of());
    }

    /**
     * A mail in the reader's language, English where that is neither.
     *
     * @param values what stands for further placeholders
     */
    public MailText text(String template, Locale locale, String link, Map<String, String> values) {
        Properties words = locale.getLanguage().equals("zh") ? chinese : english;
        return new MailText(
                filled(words, template + ".subject", link, values),
                filled(words, template + ".text", link, values) + "\n\n" + filled(words, "foot", link, values) + "\n");
    }

    private static String filled(Properties words, String key, String link, Map<String, String> values) {
        String text = Objects.requireNonNull(words.getProperty(key), key);
        return PLACEHOLDER.matcher(text).replaceAll(found -> {
            String name = found.group(1);
            String value = name.equals("link") ? link : Objects.requireNonNull(values.get(name), name);
            return Matcher.quoteReplacement(value);
        });
    }

    /** A name that somebody chose, without what could pass for a further line or a link in a mail to somebody else. */
    public static String harmless(String name) {
        return UNSAFE.matcher(name).replaceAll(" ");
    }
}
