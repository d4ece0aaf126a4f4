package dev.mynah.train.poet;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class PoemDocumentsTest {
    private static final String TEXT = "春眠不觉晓，处处闻啼鸟。\n夜来风雨声，花落知多少。";
    private static final Pattern LINE = Pattern.compile("(.+?)(?:：|: )(.*)");

    @Test
    void whatIsAskedOfAPoemIsWhatItHas() {
        PoemDocuments documents = new PoemDocuments(new SplittableRandom(1));
        Poem poem = Poem.of(TEXT);
        int asked = 0;
        int quoted = 0;
        for (int i = 0; i < 400; i++) {
            String document = documents.document("春晓", "孟浩然", TEXT);
            assertThat(document).startsWith("春晓\n孟浩然\n").endsWith("\n" + TEXT);
            String line = document.substring("春晓\n孟浩然\n".length(), document.length() - TEXT.length())
                    .strip();
            if (line.isEmpty()) {
                continue;
            }
            asked++;
            Matcher parts = LINE.matcher(line);
            assertThat(parts.matches()).as(line).isTrue();
            String subjects = parts.group(2);
            if (subjects.startsWith("“")) {
                quoted++;
                assertThat(poem.lines()).contains(subjects.substring(1, subjects.length() - 1));
            } else {
                for (String subject : subjects.split("，|, ")) {
                    assertThat(subject.isEmpty() || poem.contains(subject) || isItsTheme(subject, poem))
                            .as(line)
                            .isTrue();
                }
            }
        }
        assertThat(asked).isBetween(320, 380);
        assertThat(quoted).isBetween(80, 160);
    }

    private static boolean isItsTheme(String name, Poem poem) {
        List<Theme> named = Theme.ALL.stream()
                .filter(theme -> theme.zh().equals(name) || theme.en().equals(name))
                .toList();
        return named.stream().anyMatch(theme -> poem.containsAny(theme.words()));
    }
}
