package dev.mynah.server.webapp;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.LoadState;
import com.microsoft.playwright.options.ReducedMotion;
import com.microsoft.playwright.options.ViewportSize;
import dev.mynah.server.Server;
import dev.mynah.server.ServerOptions;
import dev.mynah.server.StubEngine;
import dev.mynah.server.TestServer;
import dev.mynah.server.account.Administrators.FirstStart;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Takes pictures of every view in English and light, and in Chinese and dark, on a desktop and a phone: those of {@code docs/images}, and the others in {@code target/screenshots}, to look at. Not part of the test
 * suite, since its name does not end as those of tests do:
 *
 * <pre>./mvnw test -pl mynah-server -am -Dtest=Screenshots -Dsurefire.failIfNoSpecifiedTests=false</pre>
 */
class Screenshots {
    private static final Path IMAGES = Path.of("../docs/images");
    private static final Path OTHERS = Path.of("target/screenshots");
    /** What {@code docs/images} shows. */
    private static final Set<String> SHOWN = Set.of("hello", "chat", "phone", "account", "health", "labelling");
    /** Where everything else is found. */
    private static final List<String> PATHS = List.of(
            "/account",
            "/organisation",
            "/studio/jobs",
            "/studio/batches",
            "/studio/models",
            "/labelling",
            "/admin/users",
            "/admin/plans",
            "/admin/models",
            "/admin/vouchers",
            "/admin/payments",
            "/admin/subscriptions",
            "/admin/statements",
            "/admin/feedback",
            "/admin/moderation",
            "/admin/audit");

    private static final ViewportSize DESKTOP = new ViewportSize(1080, 720);
    private static final ViewportSize PHONE = new ViewportSize(390, 720);
    private static final String ENGLISH_QUESTION = "How does a softmax turn scores into probabilities?";
    private static final String ENGLISH_ANSWER = """
            Each score is exponentiated, then divided by the sum of all:

            $$p_i = \\frac{e^{z_i}}{\\sum_j e^{z_j}}$$

            In code, subtract the largest score first, so that nothing overflows:

            ```java
            static double[] softmax(double[] scores) {
                double max = Arrays.stream(scores).max().orElseThrow();
                double[] exp = Arrays.stream(scores).map(z -> Math.exp(z - max)).toArray();
                double sum = Arrays.stream(exp).sum();
                return Arrays.stream(exp).map(e -> e / sum).toArray();
            }
            ```

            | scores | probabilities |
            |---|---|
            | 1, 1, 1 | 0.33, 0.33, 0.33 |
            | 1, 2, 3 | 0.09, 0.24, 0.67 |
            """;
    private static final String CHINESE_QUESTION = "写一首关于雪的五言绝句";
    private static final String CHINESE_ANSWER = """
            **夜雪**

            夜静千山白，
            灯寒一室明。
            开门人不见，
            但有落花声。
            """;
    private static final String CHINESE_FOLLOW_UP = "为什么最后写“落花声”？";
    private static final String CHINESE_EXPLANATION = """
            这里的“落花”不是花，而是**雪**：

            1. 前两句写*所见*：山白、灯明，都是静景。
            2. 第三句一转，开门却看不见人。
            3. 末句写*所闻*，雪落如花，有声反而更静。

            > 以声写静，是唐人绝句常用的手法。
            """;

    /** Names another service with a model, and forbids a word. */
    private static final String SERVICES = """
            async () => {
                const { api } = await import('/app/api.js');
                await api.admin.createUpstream({ id: 'gpu1', base_url: 'https://gpu1.example.com/v1', api_key: 'secret' });
                await api.admin.createModel({ id: 'qwen3-32b', max_output_tokens: 8192, input_price: 500000, output_price: 1500000, routes: [{ upstream: 'gpu1', model: 'Qwen/Qwen3-32B' }] });
                await api.admin.moderation.addWord({ category: 'custom', word: 'Project Nightingale' });
            }""";

    /** Makes a queue of labelling tasks. */
    private static final String QUEUE = """
            async () => {
                const { api } = await import('/app/api.js');
                const { email } = await api.account();
                const queue = await api.admin.createQueue({ name: 'Poems, week 12', kind: 'ranking', labels_per_task: 2,
                    guidelines: '1. Is the form kept: lines, characters, rhyme?\\n2. Is it about what was asked?\\n3. Is it **good**?\\n\\nFlag what is harmful.' });
                await api.admin.setMembers(queue.id, [email]);
                const answers = ['夜静千山白，\\n灯寒一室明。\\n开门人不见，\\n但有落花声。', '雪下得很大，外面都是白的。', '白雪满山头，\\n江水日夜流。\\n孤舟人独坐，\\n不见旧时楼。'];
                await api.admin.addTasks(queue.id, ['雪', '月', '江'].map((theme) => ({ messages: [{ role: 'user', content: `写一首关于${theme}的五言绝句` }], answers })));
            }""";

    @TempDir
    private Path dataDir;

    /** How the pictures look. */
    private record Look(String suffix, String language, ColorScheme theme) {
        static final Look ENGLISH = new Look("english-light", "en", ColorScheme.LIGHT);
        static final List<Look> ALL = List.of(
                ENGLISH,
                new Look("english-dark", "en", ColorScheme.DARK),
                new Look("chinese-light", "zh", ColorScheme.LIGHT),
                new Look("chinese-dark", "zh", ColorScheme.DARK));

        boolean english() {
            return language.equals("en");
        }

        Browser.NewContextOptions desktop() {
            return options().setViewportSize(DESKTOP.width, DESKTOP.height);
        }

        Browser.NewContextOptions phone() {
            return options()
                    .setViewportSize(PHONE.width, PHONE.height)
                    .setIsMobile(true)
                    .setHasTouch(true);
        }

        private Browser.NewContextOptions options() {
            return new Browser.NewContextOptions()
                    .setLocale("en-GB")
                    .setColorScheme(theme)
                    .setReducedMotion(ReducedMotion.REDUCE);
        }

        /** Chooses the language; what was typed in English until now stays. */
        void speak(Visitor visitor) {
            visitor.page().evaluate("language => localStorage.setItem('mynah.language', language)", language);
            visitor.page().reload();
        }
    }

    @Test
    void take() throws IOException {
        StubEngine engine = new StubEngine();
        engine.teach(ENGLISH_QUESTION, ENGLISH_ANSWER);
        engine.teach(CHINESE_QUESTION, CHINESE_ANSWER);
        engine.teach(CHINESE_FOLLOW_UP, CHINESE_EXPLANATION);
        try (Server server = Server.start(
                        new ServerOptions(0, dataDir, Map.of()), TestServer.provider("mynah-chat", engine));
                Chromium chromium = new Chromium()) {
            try (Visitor grace = chromium.visitor(server.url(), Look.ENGLISH.desktop())) {
                firstSignIn(grace, server.firstStart().orElseThrow());
                grace.page().evaluate(SERVICES);
                grace.page().evaluate(QUEUE);
                for (Look look : Look.ALL) {
                    chats(chromium, server.url(), look);
                    grace.page().emulateMedia(new Page.EmulateMediaOptions().setColorScheme(look.theme()));
                    look.speak(grace);
                    administration(grace, look);
                    others(grace, look);
                }
            }
        }
    }

    private static void chats(Chromium chromium, String url, Look look) {
        boolean english = look.english();
        try (Visitor ada = chromium.visitor(url, look.desktop())) {
            ada.signUp("ada-" + look.suffix() + "@example.com");
            begin(
                    ada,
                    english ? "Translate this letter into Chinese" : "把这封信翻译成英文",
                    english ? "Ten questions about the Tang dynasty" : "面试 Java 工程师",
                    english ? "Tell me about Project Nightingale" : "介绍一下夜莺项目");
            look.speak(ada);
            assertThat(ada.page().locator(".starters button").first()).isVisible();
            save(ada, "hello", look);
            Look.ENGLISH.speak(ada);
            converse(ada, english);
            look.speak(ada);
            assertThat(ada.page().locator(".origin").last()).isVisible();
            save(ada, "chat", look);
            Locator search = ada.page().locator("input[type=search]");
            search.fill(english ? "overflow" : "不是花");
            assertThat(ada.page().locator(".chats small")).isVisible();
            save(ada, "search", look);
            search.fill("");
            ada.page()
                    .locator("[aria-label='Compare four answers'], [aria-label='比较四个回答']")
                    .last()
                    .click();
            ada.page().locator("dialog button.primary").click();
            assertThat(ada.page().locator(".rank > li")).hasCount(4);
            save(ada, "ranking", look);
            ada.page().navigate("/account");
            assertThat(ada.page().locator(".plot")).isVisible();
            save(ada, "account", look);
        }
        try (Visitor eve = chromium.visitor(url, look.phone())) {
            eve.signUp("eve-" + look.suffix() + "@example.com");
            converse(eve, english);
            look.speak(eve);
            assertThat(eve.page().locator(".origin").last()).isVisible();
            save(eve, "phone", look);
        }
    }

    private static void converse(Visitor visitor, boolean english) {
        if (english) {
            visitor.ask(ENGLISH_QUESTION);
        } else {
            visitor.ask(CHINESE_QUESTION);
            visitor.ask(CHINESE_FOLLOW_UP);
        }
    }

    /** What lies beside the chat, as the administrator sees it. */
    private static void administration(Visitor grace, Look look) {
        Page page = grace.page();
        page.navigate("/admin");
        page.waitForFunction("() => document.querySelectorAll('.plot polyline').length > 5");
        save(grace, "health", look);
        page.navigate("/labelling");
        page.getByText("Poems, week 12").first().click();
        assertThat(page.locator(".rank > li")).hasCount(3);
        save(grace, "labelling", look);
    }

    /** Every other view, as far as it reaches. */
    private static void others(Visitor grace, Look look) {
        Map.of("desktop", DESKTOP, "phone", PHONE).forEach((device, size) -> {
            grace.page().setViewportSize(size.width, size.height);
            for (String path : PATHS) {
                grace.page().navigate(path);
                assertThat(grace.page().locator(".page h1")).isVisible();
                save(grace, path.substring(1).replace('/', '-') + "-" + device, look);
            }
        });
        grace.page().setViewportSize(DESKTOP.width, DESKTOP.height);
    }

    private static void firstSignIn(Visitor grace, FirstStart first) {
        grace.page().navigate("/");
        grace.field("E-mail").fill(first.email());
        grace.field("Password").fill(first.password());
        grace.button("Sign in").click();
        grace.field("Password so far").fill(first.password());
        grace.field("New password").fill(Visitor.PASSWORD);
        grace.button("Save").click();
        assertThat(grace.button("Send")).isVisible();
    }

    /** Asks these in chats of their own, and begins another. */
    private static void begin(Visitor visitor, String... questions) {
        for (String question : questions) {
            visitor.ask(question);
            visitor.page().locator("a.new").click();
            assertThat(visitor.page().locator(".hello")).isVisible();
        }
    }

    private static void save(Visitor visitor, String view, Look look) {
        Page page = visitor.page();
        page.mouse().move(600, 0);
        assertThat(page.locator(".math:not(:has(.katex))")).hasCount(0);
        page.waitForLoadState(LoadState.NETWORKIDLE);
        page.evaluate("async () => { await document.fonts.ready; }");
        Path folder = SHOWN.contains(view) ? IMAGES : OTHERS;
        page.screenshot(new Page.ScreenshotOptions().setPath(folder.resolve(view + "-" + look.suffix() + ".png")));
    }
}
