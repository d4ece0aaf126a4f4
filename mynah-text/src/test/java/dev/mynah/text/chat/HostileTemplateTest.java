package dev.mynah.text.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mynah.text.TokenizerConfig;
import dev.mynah.text.chat.ChatMessage.Role;
import dev.mynah.text.jinja.JinjaException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Templates come from strangers: each ends soon, with one sentence. */
class HostileTemplateTest {

    private static String render(String source) {
        return ChatTemplate.of(new TokenizerConfig(null, null, 0, source))
                .render(List.of(ChatMessage.of(Role.USER, "hello")))
                .text();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{% for a in range(99999) %}{% for b in range(99999) %}x{% endfor %}{% endfor %}",
                "{% for a in range(10 ** 9) %}x{% endfor %}",
                "{{ 'x' * 10 ** 12 }}",
                "{{ [0] * 10 ** 9 }}",
                "{% set ns = namespace(s='x') %}{% for i in range(99) %}{% set ns.s = ns.s + ns.s %}{% endfor %}",
                "{% set ns = namespace(s='x') %}{% for i in range(99) %}{% set ns.s = ns.s.replace('x', 'xx') %}{% endfor %}",
                "{% set ns = namespace(s=[1]) %}{% for i in range(99) %}{% set ns.s = [ns.s, ns.s] %}{% endfor %}{{ ns.s }}",
                "{% set ns = namespace(s=[1]) %}{% for i in range(99) %}{% set ns.s = [ns.s, ns.s] %}{% endfor %}{{ [ns.s, ns.s] == [ns.s + [], ns.s] }}",
                "{% set ns = namespace(s=[1]) %}{% for i in range(99) %}{% set ns.s = ns.s + ns.s %}{% endfor %}",
                "{% set ns = namespace(s=[1]) %}{% for i in range(99999) %}{% set ns.s = [ns.s] %}{% endfor %}{{ ns.s|tojson }}",
                "{% set s = 'ab' * 999999 %}{{ ('a' * 999999 + 'c') in s }}",
                "{% set s = 'a' * 9999999 %}{% for i in range(99999) %}{{ s.count('aab') }}{% endfor %}",
                "{% macro f(x) %}{{ f(x + 1) }}{% endmacro %}{{ f(0) }}",
                "{% macro f(x) %}{{ f(x) }}{{ f(x) }}{% endmacro %}{{ f(0) }}",
                "{% for a in [[1]] recursive %}{{ loop([a]) }}{% endfor %}",
                "{{ 9223372036854775807 + 1 }}",
                "{{ 10 ** 1000000000 }}",
                "{{ ('a\n' * 999999)|indent(999) }}",
                "{{ {} | tojson(indent=10 ** 12) }}{{ 99999999999999999999 }}",
                "{% include '/etc/passwd' %}",
                "{% import 'x' as y %}",
                "{{ ''.__class__.__mro__[1].__subclasses__() }}",
                "{{ messages.__init__.__globals__ }}{{ x.y }}",
                "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
                "{{ messages.append(1) }}",
                "{{ 'x'.format(1) }}",
                "{{ 'x'|attr('y') }}",
                "{{ raise_exception('no') }}",
                "{{ 1 / 0 }}",
                "{{ messages[0].content.nothing.more }}",
                "{{ 'a' + 1 }}",
                "{% for x in 5 %}{% endfor %}",
                "{{ undefined() }}",
                "{% if %}{% endif %}",
                "{% if true %}",
                "{{ 'open",
                "{{ [1, 2",
                "{# open",
                "{% raw %}",
                "{{ 1 +",
                "{{ $ }}",
                "{% endfor %}",
                "{% break %}",
                "{{ strftime_now('%Q') }}",
                "{% set a.b = 1 %}",
                "{% set a, b = [1] %}",
            })
    void endsWithOneSentence(String source) {
        assertThatThrownBy(() -> render(source))
                .isInstanceOf(JinjaException.class)
                .message()
                .startsWith("chat template")
                .hasLineCount(1);
    }

    @Test
    void nestingIsBounded() {
        for (String part :
                List.of("(", "[", "{1:", "not ", "-", "1 if 1 else ", "x|trim|trim", "a.b[", "f(", "1 + ", "1 ** ")) {
            assertThatThrownBy(() -> render("{{ " + part.repeat(50_000) + " }}"))
                    .isInstanceOf(JinjaException.class);
        }
        for (String tag : List.of("{% if 1 %}", "{% for i in [1] %}", "{% if 1 %}{% elif 2 %}", "{% elif 1 %}")) {
            assertThatThrownBy(() -> render(tag.repeat(30_000))).isInstanceOf(JinjaException.class);
        }
        assertThatThrownBy(() -> render("{% if 0 %}" + "{% elif 0 %}".repeat(10_000) + "{% endif %}"))
                .hasMessageContaining("branches");
        assertThatThrownBy(() -> render("x".repeat(2 << 20))).hasMessageContaining("at most");
    }

    @Test
    void aLongChainIsRefusedRatherThanOverflowing() {
        assertThatThrownBy(() -> render("{{ 1" + " + 1".repeat(100_000) + " }}"))
                .isInstanceOf(JinjaException.class);
        assertThatThrownBy(() -> render("{{ x" + "|trim".repeat(100_000) + " }}"))
                .isInstanceOf(JinjaException.class);
        assertThatThrownBy(() -> render("{{ x" + "[0]".repeat(100_000) + " }}")).isInstanceOf(JinjaException.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            value = {
                "a{{ b|nofilter }}!chat template, line 1: there is no filter \"nofilter\"",
                "{{ b is notest }}!chat template, line 1: there is no test \"notest\"",
                "{% include 'x' %}!chat template, line 1: the tag \"include\" reads other templates, which a chat template may not",
                "{{ raise_exception('Only users') }}!chat template: it refuses the conversation: Only users",
                "{{ nothing.at_all }}!chat template, line 1: \"nothing\" is not defined",
            })
    void sentencesSayWhatIsWrong(String source, String message) {
        assertThatThrownBy(() -> render(source)).hasMessage(message);
    }

    @Test
    void randomTemplatesNeverFailOtherwise() {
        String[] parts = {
            "{{", "}}", "{%", "%}", "{#", "#}", "-", "+", " ", "if", "else", "endif", "for", "in", "endfor", "set", "=",
            "x", "messages", "'", "\"", "|", "trim", "tojson", "(", ")", "[", "]", ".", ",", "1", "0.5", "is",
                    "defined",
            "not", "and", "macro", "endmacro", "*", "**", "//", "~", ":", "{", "}", "\n", "loop", "content", "\\", "é",
                    "🐦"
        };
        Random random = new Random(7);
        for (int i = 0; i < 20_000; i++) {
            StringBuilder source = new StringBuilder(random.nextBoolean() ? "{{ " : "{% ");
            for (int n = random.nextInt(25); n > 0; n--) {
                source.append(parts[random.nextInt(parts.length)]).append(random.nextInt(3) == 0 ? " " : "");
            }
            try {
                assertThat(render(source.toString())).isNotNull();
            } catch (JinjaException e) {
                assertThat(e).hasMessageStartingWith("chat template");
            }
        }
    }
}
