package dev.mynah.server.moderation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.EnumSet;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScreenTest {
    private static final Folding FOLDING = new Folding();
    private static final Screen SCREEN =
            screen("炸弹", "制造炸弹", "heroin", "kill you", "scat", "explosive*", "8964", "颠覆国家");
    private static final Screen BUILT_IN =
            new Screen(FOLDING, Lexicon.builtIn().words().stream(), EnumSet.allOf(Category.class), null);

    private static Screen screen(String... words) {
        return new Screen(
                FOLDING,
                Stream.of(words).map(word -> new Lexicon.Word(Category.CUSTOM, word)),
                EnumSet.allOf(Category.class),
                null);
    }

    private static List<String> found(Screen screen, String text) {
        return screen.findings(text).stream()
                .map(finding -> text.substring(finding.start(), finding.end()))
                .toList();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "炸弹",
                "炸彈",
                "炸 弹",
                "炸*弹",
                "炸-_-弹",
                "炸@弹",
                "炸\u200B弹",
                "炸\uFE0F弹",
                "炸😀弹",
                "zhadan",
                "zha dan",
                "ZHÀ DÀN",
                "zha弹",
                "炸dan",
                "z h a d a n",
                "ｚｈａｄａｎ",
                "heroin",
                "HeRoIn",
                "ｈｅｒｏｉｎ",
                "h3r01n",
                "h.e.r.o.i.n",
                "h e r o i n",
                "her-oin",
                "hеrоin",
                "héroïn",
                "𝐡𝐞𝐫𝐨𝐢𝐧",
                "ⓗⓔⓡⓞⓘⓝ",
                "kill you",
                "kill  you",
                "k1ll\tyou",
                "k i l l y o u",
                "ki11 y0u",
                "explosive",
                "8964",
                "８９６４",
                "8 9 6 4",
                "顛覆國家",
                "颠，覆，国，家"
            })
    void aWordIsFoundHoweverItIsWritten(String text) {
        assertThat(found(SCREEN, text)).contains(text);
        assertThat(found(SCREEN, "看 " + text + " 了")).contains(text);
    }

    @Test
    void aWordMayHaveAnyEnd() {
        assertThat(found(SCREEN, "two explosives")).containsExactly("explosive");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "heroine",
                "heroines",
                "Schrödinger's cat",
                "the hero in it",
                "skill you",
                "kill young",
                "escat",
                "18964",
                "89645",
                "他开炸，弹药没了",
                "zhadanxx",
                "bg6a",
                "kill\n\nsomething you",
                "油炸食品和子弹",
                "hero, in"
            })
    void whatOnlyLooksSimilarIsNot(String text) {
        assertThat(found(SCREEN, text)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "personal-data/contact | anna.b+c@mail.example.co.uk | annab at mail",
                "personal-data/contact | ａｎｎａ＠example.com | @example.com",
                "personal-data/contact | +86 138 1234 5678 | +1",
                "personal-data/contact | 13812345678 | 138123456789",
                "personal-data/contact | (010) 6552-9988 | 2024-2025",
                "personal-data/contact | 192.168.0.255 | 192.168.0.256",
                "personal-data/contact | 2001:0db8:85a3:0000:0000:8a2e:0370:7334 | 12:30:45",
                "personal-data | 11010519491231002X | 110105194912310021",
                "personal-data | １１０１０５１９４９１２３１００２Ｘ | 11010519491331002X",
                "personal-data | 4111 1111 1111 1111 | 4111 1111 1111 1112",
                "personal-data | 378282246310005 | 378282246310006",
                "personal-data | DE89 3704 0044 0532 0130 00 | DE88 3704 0044 0532 0130 00",
                "personal-data | GB82WEST12345698765432 | GB82WEST1234569876543Z",
            })
    void personalDataIsFoundByItsFormAndItsChecksum(String category, String data, String other) {
        Screen screen = screen("x");
        for (String frame : List.of("%s", "号码是%s。", "It is %s, thanks", "<%s>")) {
            String text = frame.formatted(data);
            assertThat(screen.findings(text))
                    .as(text)
                    .contains(
                            new Finding(Category.of(category), text.indexOf(data), text.indexOf(data) + data.length()));
            assertThat(screen.findings(frame.formatted(other)))
                    .as(other)
                    .noneMatch(finding -> finding.category().id().equals(category));
        }
    }

    @Test
    void everyBuiltInWordIsFoundAsWhatItIs() {
        for (Lexicon.Word word : Lexicon.builtIn().words()) {
            String text = word.text().replace("*", "");
            assertThat(BUILT_IN.findings(text)).as(text).anyMatch(finding -> finding.category() == word.category());
        }
        assertThat(Lexicon.builtIn().words().stream().map(Lexicon.Word::category))
                .containsAll(EnumSet.range(Category.HARASSMENT, Category.VIOLENCE_GRAPHIC));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "十步杀一人，千里不留行。事了拂衣去，深藏身与名。",
                "写一首关于雪的五言绝句",
                "How do I kill a process in Linux?",
                "The bombastic speech made a bold claim.",
                "我想自己做一顿晚饭，怎么炸鸡？",
                "My skills make a big difference; sexual reproduction in plants is a topic of biology.",
                "In 1945 the war ended. 3.14159 is pi, 2 + 2 = 4."
            })
    void whatIsHarmlessPasses(String text) {
        assertThat(BUILT_IN.findings(text)).isEmpty();
    }

    /** However a text is cut, the same is found, and nothing that begins before the decided place comes later. */
    @Test
    void aTextThatComesInPiecesIsFoundTheSame() {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(11);
        String[] parts = {
            "炸",
            "弹",
            "彈",
            " ",
            "zha",
            "dan",
            "kill",
            " you",
            "K1LL",
            "heroin",
            "her",
            "oin",
            "e",
            "，",
            "*",
            "\u200B",
            "制造",
            "8964",
            "😀",
            "11010519491231002X",
            "4111 1111 ",
            "1111 1111",
            "a@b.example",
            ".com",
            "+86 138",
            "1234 5678",
            "x",
            "\n",
            "h e r o i n",
            "DE89 3704 0044 ",
            "0532 0130 00",
            "explosive",
            "𝐡𝐞𝐫𝐨𝐢𝐧"
        };
        for (int round = 0; round < 3000; round++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(1, 12); i > 0; i--) {
                text.append(parts[random.nextInt(parts.length)]);
            }
            List<Finding> whole = SCREEN.findings(text.toString());
            Screen.Window window = SCREEN.window();
            for (int at = 0; at < text.length(); ) {
                int end = Math.min(text.length(), at + random.nextInt(1, 6));
                window.append(text.substring(at, end));
                at = end;
                int decided = window.decided();
                assertThat(window.findings().stream().filter(finding -> finding.start() < decided))
                        .as("%s up to %d", text, at)
                        .isEqualTo(whole.stream()
                                .filter(finding -> finding.start() < decided)
                                .toList());
            }
            window.finish();
            assertThat(window.findings()).as(text.toString()).isEqualTo(whole);
        }
    }

    @Test
    void nothingIsHeldBackForLong() {
        Screen.Window window = SCREEN.window();
        int most = 0;
        String text =
                "An ordinary sentence about heroes, killing time, and 8 or 9 scattered explosions. 炸鸡很好吃。".repeat(20);
        for (int i = 0; i < text.length(); i++) {
            window.append(text.substring(i, i + 1));
            most = Math.max(most, window.length() - window.decided());
        }
        assertThat(most).isLessThan(16);
        window.append("z" + "*".repeat(100) + "9".repeat(200));
        assertThat(window.length() - window.decided()).isLessThan(210);
    }

    @Test
    void aLexiconThatIsWrongIsRefused() {
        assertThatThrownBy(() -> Lexicon.read("hatred: [a]", "f.yaml"))
                .hasMessageContaining("f.yaml")
                .hasMessageContaining("hatred");
        assertThatThrownBy(() -> Lexicon.read("hate: word", "f.yaml")).hasMessageContaining("list");
        assertThatThrownBy(() -> Lexicon.read("- a", "f.yaml")).hasMessageContaining("map");
        assertThatThrownBy(() -> screen("---")).hasMessageContaining("no letter");
    }
}
