package dev.mynah.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Holds each scanner to its own regular expression, carried out by java.util.regex. */
final class PretokenizerTest {

    private static final List<String> PARTS = List.of(
            "a", "Z", "é", "ß", "中", "ʰ", "ǅ", "\u0301", "\u0903", "😀", "1", "٣", "½", " ", "  ", "\t", "\n", "\r",
            "\r\n", "\u00a0", "\u3000", "'", "'s", "'S", "'ll", "'LL", "'Re", "'ſ", "'v", "’", ".", "/", "_", "\u200d",
            "\u0000", "\uffff", "the", "IS", "iP");

    @ParameterizedTest
    @EnumSource
    void cutsAsItsRegularExpression(Pretokenizer pretokenizer) {
        Pattern pattern = Pattern.compile(pretokenizer.regex(), Pattern.UNICODE_CHARACTER_CLASS | Pattern.UNICODE_CASE);
        Random random = new Random(3);
        for (int i = 0; i < 30_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int part = random.nextInt(1, 12); part > 0; part--) {
                text.append(PARTS.get(random.nextInt(PARTS.size())));
            }
            List<String> expected = new ArrayList<>();
            for (Matcher matcher = pattern.matcher(text); matcher.find(); ) {
                expected.add(matcher.group());
            }
            assertThat(pieces(pretokenizer, text.toString())).isEqualTo(expected);
        }
    }

    private static List<String> pieces(Pretokenizer pretokenizer, String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        List<String> pieces = new ArrayList<>();
        int at = 0;
        while (at < utf8.length) {
            int end = pretokenizer.next(utf8, at, utf8.length);
            pieces.add(new String(utf8, at, end - at, StandardCharsets.UTF_8));
            at = end;
        }
        return pieces;
    }

    @Test
    void isKnownByName() {
        assertThat(Pretokenizer.named("qwen2")).isEqualTo(Pretokenizer.QWEN2);
        assertThatThrownBy(() -> Pretokenizer.named("bert"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\"bert\"")
                .hasMessageContaining("gpt2, cl100k, qwen2, o200k");
    }
}
