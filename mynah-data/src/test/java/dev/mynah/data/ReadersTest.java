package dev.mynah.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReadersTest {

    @TempDir
    private Path folder;

    private final SkipLog skips = new SkipLog(false);

    @Test
    void jsonlReportsEveryKindOfBrokenLine() throws IOException {
        Path file = TestFiles.write(folder, "a.jsonl", """
                {"title": "t", "text": "first \\u96ea"}
                {"text": "cut
                {"title": "t", "author": "a"}
                {"text": 7}
                {"text": ["a"]}
                {"text": null}
                "text"
                {"text": "a"} {"text": "b"}
                {"text": "\\ud800"}

                {"nested": {"text": "inner"}, "text": "last", "more": [1, {"text": "no"}]}
                """);
        List<Document> documents = TestFiles.all(new JsonlReader(file, "text", skips));
        assertThat(documents).containsExactly(new Document("first 雪", file, 1), new Document("last", file, 11));
        assertThat(skips.report().count()).isEqualTo(8);
        List<Skipped.Item> items = skips.report().first();
        assertThat(items).extracting(Skipped.Item::record).containsExactly(2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L);
        assertThat(items.get(0).reason()).startsWith("not valid JSON: column ");
        assertThat(items.subList(1, 8))
                .extracting(Skipped.Item::reason)
                .containsExactly(
                        "no field 'text'; the fields are: title, author",
                        "field 'text' is a number, not a string",
                        "field 'text' is an array, not a string",
                        "field 'text' is null, not a string",
                        "not a JSON object",
                        "more text after the JSON object",
                        "field 'text' holds half a surrogate pair");
    }

    @Test
    void deeplyNestedJsonIsALineLikeAnyOtherBrokenOne() throws IOException {
        Path file = TestFiles.write(folder, "a.jsonl", "{\"a\":" + "[".repeat(200_000) + "\n{\"text\": \"b\"}");
        assertThat(TestFiles.texts(new JsonlReader(file, "text", skips))).containsExactly("b");
        assertThat(skips.report().first().getFirst().reason()).startsWith("not valid JSON: ");
    }

    @Test
    void theReportListsTheFirstAndCountsAll() throws IOException {
        Path file = TestFiles.write(folder, "a.jsonl", "broken\n".repeat(1000));
        assertThat(TestFiles.all(new JsonlReader(file, "text", skips))).isEmpty();
        assertThat(skips.report().count()).isEqualTo(1000);
        assertThat(skips.report().first()).hasSize(Skipped.LISTED);
    }

    @Test
    void aTextFileIsOneDocumentUnlessSplit() throws IOException {
        Path file = TestFiles.write(folder, "a.txt", "\nTitle\n\none\ntwo\n \n\nthree\n");
        assertThat(TestFiles.all(new TextFileReader(file, TextSplit.FILE, skips)))
                .containsExactly(new Document("Title\n\none\ntwo\n \n\nthree", file, 2));
        assertThat(TestFiles.all(new TextFileReader(file, TextSplit.LINE, skips)))
                .containsExactly(
                        new Document("Title", file, 2),
                        new Document("one", file, 4),
                        new Document("two", file, 5),
                        new Document("three", file, 8));
        assertThat(TestFiles.all(new TextFileReader(file, TextSplit.BLANK_LINE, skips)))
                .containsExactly(
                        new Document("Title", file, 2),
                        new Document("one\ntwo", file, 4),
                        new Document("three", file, 8));
        assertThat(skips.report().count()).isZero();
    }

    @Test
    void aDocumentOfLinesIsBounded() throws IOException {
        Path file = TestFiles.write(folder, "a.txt", "short\n\n" + "long\n".repeat(10) + "\nend");
        assertThat(TestFiles.texts(new TextFileReader(file, TextSplit.BLANK_LINE, skips, 20)))
                .containsExactly("short", "end");
        assertThat(skips.report().first().getFirst().record()).isEqualTo(3);
        assertThatThrownBy(() -> TestFiles.all(new TextFileReader(file, TextSplit.FILE, skips, 20)))
                .hasMessage(file + " is longer than 20 characters, too long for one document: set text_split to line or"
                        + " blank_line");
    }
}
