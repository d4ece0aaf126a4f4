package dev.mynah.server.webapp;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.FileChooser;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.FilePayload;
import dev.mynah.engine.SamplingOptions;
import dev.mynah.server.store.Ids;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ChatInBrowserTest extends BrowserTest {
    private static final String LONG_CHAT = """
            async () => {
                const { api } = await import('/app/api.js');
                const mapping = Object.fromEntries(Array.from({ length: 100 }, (_, at) => [`m${at}`, { parent: at ? `m${at - 1}` : null, children: at < 99 ? [`m${at + 1}`] : [],
                    message: { author: { role: at % 2 ? 'assistant' : 'user' }, content: { parts: [at % 2 ? `**answer ${at}**\\n\\n1. one\\n2. two` : `question ${at}`] } } }]));
                await api.importFile(new Blob([JSON.stringify([{ title: 'A long chat', mapping }])]));
            }""";

    private static final String VOICES = """
            window.spoken = [];
            let current = [];
            const voices = [['far-zh', 'zh-CN', false], ['near-en', 'en-GB', true], ['near-zh', 'zh-CN', true]].map(([name, lang, localService]) => ({ name, lang, localService }));
            window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
            Object.defineProperty(window, 'speechSynthesis', { value: Object.assign(new EventTarget(), {
                getVoices: () => voices,
                speak: (one) => { current.push(one); spoken.push(`${one.voice.name}: ${one.text}`); },
                cancel: () => { current.splice(0).forEach((one) => one.onerror()); },
            }) });""";

    private static final Pattern SOME_TEXT = Pattern.compile("x{3,}");

    @Test
    void somebodyNewGetsAnAnswer() {
        Visitor ada = member();
        ada.ask("echo **Good** morning");

        assertThat(Visitor.text(ada.page())).hasText("Good morning");
        assertThat(Visitor.text(ada.page()).locator("strong")).hasText("Good");
        assertThat(ada.page().locator(".chats .here > a")).hasText("echo **Good** morning");
        assertThat(ada.page()).hasTitle("echo **Good** morning · Mynah");
    }

    @Test
    void signingOutAndInLeadsBackToTheChats() {
        Visitor ada = visitor();
        String email = Ids.next("u") + "@example.com";
        ada.signUp(email);
        ada.ask("echo hello");
        ada.button("Sign out").click();
        ada.field("E-mail").fill(email);
        ada.field("Password").fill("not the password");
        ada.button("Sign in").click();
        assertThat(ada.page().locator(".error")).isVisible();
        ada.button("Show what I type").click();
        assertThat(ada.field("Password")).hasAttribute("type", "text");
        ada.button("Show what I type").click();
        assertThat(ada.field("Password")).hasAttribute("type", "password");
        ada.field("Password").fill(Visitor.PASSWORD);
        ada.button("Sign in").click();

        ada.page().getByText("echo hello").click();
        assertThat(Visitor.text(ada.page())).hasText("hello");
    }

    @Test
    void anAnswerStreamsAndStops() {
        Visitor ada = member();
        ada.send("count 1000 20");
        assertThat(Visitor.text(ada.page())).hasText(SOME_TEXT);
        ada.button("Stop").click();

        assertThat(Visitor.answers(ada.page()).getByText("Stopped.")).isVisible();
        String shown = Visitor.text(ada.page()).textContent();
        assertThat(shown.strip()).hasSizeLessThan(1000);
        ada.page().reload();
        assertThat(Visitor.text(ada.page())).hasText(shown);
        assertThat(ada.button("Send")).isVisible();
    }

    @Test
    void aReloadInMidAnswerGoesOnAndShowsNothingTwice() {
        Visitor ada = member();
        ada.send("count 80 25");
        assertThat(Visitor.text(ada.page())).hasText(SOME_TEXT);
        ada.page().reload();

        assertThat(Visitor.text(ada.page())).hasText(SOME_TEXT);
        assertThat(ada.button("Stop")).isVisible();
        assertThat(Visitor.text(ada.page())).hasText("x".repeat(80));
        assertThat(Visitor.answers(ada.page())).hasCount(1);
        assertThat(Visitor.questions(ada.page())).hasCount(1);
        assertThat(ada.button("Send")).isVisible();
    }

    @Test
    void twoTabsShowTheSameAnswer() {
        Visitor ada = member();
        ada.send("count 80 25");
        Page other = ada.otherTab();
        other.navigate(ada.page().url());

        for (Page page : new Page[] {ada.page(), other}) {
            assertThat(Visitor.text(page)).hasText("x".repeat(80));
            assertThat(Visitor.answers(page)).hasCount(1);
            assertThat(Visitor.button(page, "Send")).isVisible();
        }
    }

    @Test
    void anEditedQuestionIsABranchBesideTheOld() {
        Visitor ada = member();
        ada.ask("echo one");
        Visitor.questions(ada.page()).hover();
        ada.button("Edit").click();
        ada.page().locator("form.edit textarea").fill("echo two");
        ada.page().locator("form.edit").getByText("Send").click();

        assertThat(Visitor.text(ada.page())).hasText("two");
        assertThat(ada.page().getByLabel("Version 2 of 2")).isVisible();
        ada.button("Previous version").click();
        assertThat(Visitor.questions(ada.page())).hasText("echo one");
        assertThat(Visitor.text(ada.page())).hasText("one");

        ada.ask("echo three");
        ada.page().reload();
        assertThat(Visitor.questions(ada.page())).hasCount(1);
        ada.button("Previous version").click();
        assertThat(Visitor.text(ada.page())).hasText("three");
    }

    @Test
    void anAnswerMadeAnewStandsBesideTheOld() {
        Visitor ada = member();
        ada.ask("echo again");
        ada.button("Regenerate").click();

        assertThat(ada.page().getByLabel("Version 2 of 2")).isVisible();
        assertThat(Visitor.text(ada.page())).hasText("again");
        assertThat(ada.button("Next version")).isDisabled();
        ada.button("Previous version").click();
        assertThat(ada.page().getByLabel("Version 1 of 2")).isVisible();
        assertThat(Visitor.text(ada.page())).hasText("again");
    }

    @Test
    void aSecondEnterIsNotASecondQuestion() {
        Visitor ada = member();
        ada.field("Message").fill("echo once");
        ada.field("Message")
                .evaluate("field => [1, 2].forEach(() =>"
                        + " field.dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter', bubbles: true})))");

        assertThat(Visitor.text(ada.page())).hasText("once");
        ada.page().reload();
        assertThat(Visitor.questions(ada.page())).hasCount(1);
        assertThat(ada.page().locator(".chats li")).hasCount(1);
    }

    @Test
    void aFailedAnswerSaysSo() {
        Visitor ada = member();
        ada.send("fail 4");

        assertThat(ada.page().getByText("The answer could not be completed.")).isVisible();
        assertThat(ada.button("Regenerate")).isVisible();
        assertThat(ada.button("Continue")).isVisible();
        ada.send("fail 0");
        assertThat(ada.button("Try again")).isVisible();
    }

    @Test
    void whatIsTypedSurvivesAReload() {
        Visitor ada = member();
        ada.field("Message").fill("first draft");
        ada.page().reload();
        assertThat(ada.field("Message")).hasValue("first draft");

        ada.ask("echo sent");
        ada.field("Message").fill("second draft");
        ada.page().reload();
        assertThat(ada.field("Message")).hasValue("second draft");
        ada.page().locator("a.new").click();
        assertThat(ada.field("Message")).hasValue("");
    }

    @Test
    void enterInTheMiddleOfAChineseWordDoesNotSend() {
        Visitor ada = member();
        ada.field("Message").fill("echo ni");
        ada.field("Message").dispatchEvent("keydown", Map.of("key", "Enter", "isComposing", true));
        ada.field("Message").press("Shift+Enter");

        assertThat(ada.field("Message")).hasValue("echo ni\n");
        assertThat(Visitor.questions(ada.page())).hasCount(0);
        ada.field("Message").press("Enter");
        assertThat(Visitor.text(ada.page())).hasText("ni");
    }

    @Test
    void asASessionEndsWhatIsTypedIsKept() {
        Visitor ada = visitor();
        String email = Ids.next("u") + "@example.com";
        ada.signUp(email);
        ada.ask("echo before");
        ada.context().clearCookies();
        ada.field("Message").fill("echo after");
        ada.field("Message").press("Enter");
        ada.field("E-mail").fill(email);
        ada.field("Password").fill(Visitor.PASSWORD);
        ada.button("Sign in").click();

        assertThat(ada.field("E-mail")).hasCount(0);
        assertThat(ada.field("Message")).hasValue("echo after");
        ada.field("Message").press("Enter");
        assertThat(Visitor.text(ada.page())).hasText("after");
        assertThat(Visitor.questions(ada.page())).hasCount(2);
    }

    @Test
    void chatsAreRenamedAndDeleted() {
        Visitor ada = member();
        ada.ask("echo hello");
        ada.page().getByLabel("Options for “echo hello”").click();
        ada.button("Rename").click();
        ada.page().locator(".chats input").fill("Greetings");
        ada.page().locator(".chats input").press("Enter");
        assertThat(ada.page().locator(".chats .here > a")).hasText("Greetings");

        ada.page().getByLabel("Options for “Greetings”").click();
        ada.button("Delete").click();
        ada.dialogButton("Cancel").click();
        assertThat(ada.page().locator(".chats .here > a")).hasText("Greetings");
        ada.page().getByLabel("Options for “Greetings”").click();
        ada.button("Delete").click();
        ada.dialogButton("Delete").click();
        assertThat(ada.page().getByText("No chats yet")).isVisible();
        assertThat(ada.page().getByText("What would you like to talk about?")).isVisible();
    }

    @Test
    void aChatsSettingsGoWithItsQuestions() {
        Visitor ada = member();
        ada.button("Settings of this chat").click();
        ada.field("Longest answer, in tokens").fill("4");
        ada.ask("echo abcdefgh");
        assertThat(Visitor.text(ada.page())).hasText("abcd");

        ada.page().reload();
        ada.ask("echo ijklmnop");
        assertThat(Visitor.text(ada.page())).hasText("ijkl");
        ada.button("Settings of this chat").click();
        ada.field("Longest answer, in tokens").fill("");
        ada.button("Regenerate").last().click();
        assertThat(Visitor.text(ada.page())).hasText("ijklmnop");

        ada.page().locator("a.new").click();
        assertThat(ada.field("Longest answer, in tokens")).hasValue("");
    }

    @Test
    void howAnAnswerIsSampledIsSetAndReset() {
        Visitor ada = member();
        Page page = ada.page();
        ada.button("中文").click();
        page.getByLabel("本对话的设置").click();
        page.getByText("高级").click();
        page.getByLabel("温度").fill("9");
        page.getByLabel("Top-p").fill("0.5");
        // In the page's words, whatever the browser's are; and it is not kept.
        assertThat(page.getByLabel("温度").evaluate("field => field.validationMessage"))
                .isEqualTo("应在 0 到 2 之间。");
        page.getByLabel("温度").fill("");
        page.getByLabel("随机种子").fill("7");
        page.getByLabel("存在惩罚").fill("-0.5");
        page.getByLabel("停止词").fill("d\n\ne");
        page.getByLabel("消息").fill("echo abcdef");
        page.keyboard().press("Enter");
        assertThat(Visitor.text(page)).hasText("abcdef");
        SamplingOptions used = server.engine().last().sampling();
        assertThat(used.topP()).isEqualTo(0.5);
        assertThat(used.seed()).isEqualTo(7);
        assertThat(used.presencePenalty()).isEqualTo(-0.5);
        assertThat(used.stop()).containsExactly("d", "e");
        page.reload();
        page.getByLabel("本对话的设置").click();
        assertThat(page.getByLabel("停止词")).hasValue("d\ne");
        page.getByText("恢复默认").click();
        assertThat(page.getByLabel("停止词")).hasValue("");
        page.getByLabel("重新生成").click();
        assertThat(page.getByLabel("第 2 个版本，共 2 个")).isVisible();
        assertThat(server.engine().last().sampling().stop()).isEmpty();
    }

    @Test
    void chatsAreFoundAndPinned() {
        Visitor ada = member();
        ada.ask("echo the moon");
        ada.page().locator("a.new").click();
        ada.ask("echo the sea");
        ada.field("Search").fill("MOON");
        assertThat(ada.page().locator(".chats li")).hasCount(1);
        assertThat(ada.page().locator(".chats li > a")).hasText("echo the moon");
        ada.field("Search").fill("");
        assertThat(ada.page().locator(".chats li > a")).hasText(new String[] {"echo the sea", "echo the moon"});

        ada.page().getByLabel("Options for “echo the moon”").click();
        ada.button("Pin").click();
        assertThat(ada.page().locator(".chats li > a")).hasText(new String[] {"echo the moon", "echo the sea"});
        assertThat(ada.page().getByText("Pinned", new Page.GetByTextOptions().setExact(true)))
                .isVisible();
    }

    @Test
    void textFilesGoAlong() {
        Visitor ada = member();
        FileChooser chooser = ada.page()
                .waitForFileChooser(() -> ada.button("Attach text files").click());
        chooser.setFiles(new FilePayload[] {
            new FilePayload("<b>no\u202Etes</b>.txt", "text/plain", "echo this\n".getBytes(StandardCharsets.UTF_8)),
            new FilePayload("picture.png", "image/png", new byte[] {(byte) 0x89, 'P', 'N', 'G', 0})
        });
        assertThat(ada.page().getByText("“picture.png” is not a text file.")).isVisible();
        assertThat(ada.page().locator(".files li")).hasText("<b>notes</b>.txt");
        ada.ask("echo with a file");
        assertThat(server.engine().lastPrompt())
                .isEqualTo("user: echo with a file\n\n<b>notes</b>.txt\n```\necho this\n```\n");
        assertThat(ada.page().locator(".files li")).hasCount(0);
        ada.page().reload();
        assertThat(Visitor.questions(ada.page())).hasText("echo with a file");
        ada.page().locator("details.attached summary").click();
        assertThat(ada.page().locator("details.attached pre")).hasText("echo this");
        assertThat(ada.page().locator("details.attached summary")).hasText("<b>notes</b>.txt");
        ada.button("Edit").click();
        assertThat(ada.page().locator("form.edit textarea")).hasValue(Pattern.compile("```\necho this\n```$"));
    }

    /** The browser of the tests has no voices; these say nothing, and tell what they were given. */
    @Test
    void anAnswerIsReadAloudByVoicesOfTheMachineAlone() {
        Visitor ada = member();
        Page page = ada.page();
        ada.ask("echo hello");
        assertThat(ada.button("Read aloud")).hasCount(0);
        page.addInitScript(VOICES);
        page.reload();
        ada.ask("echo **Good** morning, 早上好");
        ada.button("Read aloud").last().click();
        ada.button("Stop reading aloud").click();
        assertThat(ada.button("Read aloud")).hasCount(2);
        assertThat(page.evaluate("() => spoken")).isEqualTo(List.of("near-zh: Good morning, 早上好"));
    }

    @Test
    void aLongChatOpensAtItsEndAndIsDrawnWhereverOneGoes() {
        Visitor ada = member();
        Page page = ada.page();
        page.evaluate(LONG_CHAT);
        page.reload();
        page.getByText("A long chat").click();
        assertThat(Visitor.answers(page)).hasCount(50);
        assertThat(page.locator("mynah-leaf")).hasCount(5);
        assertThat(Visitor.answers(page).last().locator("strong")).isInViewport();
        page.locator(".scroller").evaluate("scroller => scroller.scrollTo(0, 0)");
        assertThat(Visitor.answers(page).first().locator("strong")).hasText("answer 1");
        assertThat(Visitor.answers(page).first().locator("strong")).isInViewport();
        ada.ask("echo more");
        assertThat(Visitor.text(page)).isInViewport();
        assertThat(page.locator("mynah-leaf")).hasCount(6);
    }

    @Test
    void aLongQuestionIsFolded() {
        Visitor ada = member();
        ada.ask("echo long\n" + "another line\n".repeat(30));
        Locator question = Visitor.questions(ada.page());
        int folded = (int) question.evaluate("bubble => bubble.clientHeight");
        ada.button("Show all").click();
        assertThat(ada.button("Show less")).isVisible();
        assertThat((int) question.evaluate("bubble => bubble.clientHeight")).isGreaterThan(folded * 2);
    }

    @Test
    void anAnswerTellsItsModelAndItsTokensAndKeepsItsRating() {
        Visitor ada = member();
        ada.ask("echo four");
        assertThat(ada.page().locator(".origin")).containsText("stub · 5 tokens");
        ada.button("Good answer").click();
        ada.button("No, thank you").click();
        ada.page().reload();
        assertThat(ada.button("Good answer")).hasAttribute("aria-pressed", "true");
        assertThat(ada.page().locator(".origin")).containsText("stub · 5 tokens");
    }

    @Test
    void whatIsSearchedForIsMarkedWhereItStands() {
        Visitor ada = member();
        ada.ask("echo a needle in the hay, another Needle");
        ada.page().locator("a.new").click();
        ada.field("Search").fill("needle");
        assertThat(ada.page().locator(".chats mark")).hasText("needle");
        ada.page().locator(".chats li > a").click();
        ada.page().waitForFunction("() => CSS.highlights.get('found')?.size === 4");
        ada.field("Search").fill("");
        ada.page().waitForFunction("() => CSS.highlights.get('found').size === 0");
    }

    @Test
    void aChatThatIsNotThereSaysSo() {
        Visitor ada = member();
        ada.page().navigate("/c/conv_none");
        assertThat(ada.page().getByText("There is no such chat")).isVisible();
        ada.page().locator("main").getByText("New chat").click();
        assertThat(ada.page().getByText("What would you like to talk about?")).isVisible();
    }

    @Test
    void aChatThatIsDeletedEndsItsAnswer() {
        Visitor ada = member();
        Page page = ada.page();
        int before = server.engine().running();
        ada.send("count 1500 20");
        assertThat(Visitor.text(page)).hasText(Pattern.compile("x{3,}"));
        page.getByLabel("Options for “count 1500 20”").click();
        ada.button("Delete").click();
        ada.dialogButton("Delete").click();
        assertThat(page.getByText("No chats yet")).isVisible();
        assertThat(page.locator(".hello")).isVisible();
        while (server.engine().running() > before) {
            page.waitForTimeout(20);
        }
        assertThat(page.locator(".notice[role=alert]")).hasCount(0);
    }

    @Test
    void rightToLeftTextRunsSo() {
        Visitor ada = member();
        ada.ask("echo مرحبا بالعالم");
        String direction = "element => getComputedStyle(element).direction";
        server.engine()
                .teach(
                        "arabic",
                        "`git` يحفظ العمل\n\nEnglish follows.\n\n- واحد\n- two\n\n```\nمرحبا = 1\n```\n\n| א | ב |\n|-|-|\n| ג | d |");
        ada.ask("arabic");
        Locator answer = Visitor.text(ada.page());
        assertThat(answer.locator("p").evaluateAll("all => all.map(one => getComputedStyle(one).direction)"))
                .isEqualTo(List.of("rtl", "ltr"));
        for (String block : List.of("ul", "table")) {
            assertThat(answer.locator(block).evaluate(direction)).as(block).isEqualTo("rtl");
        }
        for (String code : List.of("p code", "pre", "figure")) {
            assertThat(answer.locator(code).evaluate(direction)).as(code).isEqualTo("ltr");
        }
        // Its marker stands on the right, and the English item within begins on the left of its own line.
        assertThat((boolean)
                        answer.locator("ul").evaluate("list => parseFloat(getComputedStyle(list).paddingRight) > 0"))
                .isTrue();
        assertThat(Visitor.questions(ada.page()).first().evaluate(direction)).isEqualTo("ltr");
        Locator field = ada.field("Message");
        field.fill("שלום");
        assertThat(field.evaluate(direction)).isEqualTo("rtl");
        ada.page().evaluate("() => { document.documentElement.dir = 'rtl'; }");
        assertThat(overflows(ada.page())).isFalse();
    }

    @Test
    void aModelIsChosenByWhatIsSaidOfIt() {
        Visitor ada = member();
        ada.ask("echo hello");
        ada.page().locator("a.new").click();
        Locator model = ada.page().getByLabel("Model", new Page.GetByLabelOptions().setExact(true));
        assertThat(model).hasValue("stub");
        model.click();
        assertThat(model.locator("option:checked")).containsText("2,000 tokens of context");
        assertThat(model.locator("option:checked")).containsText("$0.10 read, $0.40 written per million tokens");
        assertThat(model.locator("option:checked")).containsText("tokens a second");
        ada.page().keyboard().press("Escape");
        model.selectOption("stub");
        assertThat(model).hasValue("stub");
    }
}
