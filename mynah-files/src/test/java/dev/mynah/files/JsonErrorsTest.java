package dev.mynah.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

class JsonErrorsTest {

    record File(long bytes) {}

    record Folder(int count, List<Double> numbers, Map<String, File> files) {}

    private static String describe(String json) {
        byte[] bytes = json.replace("~", "\n").getBytes(StandardCharsets.UTF_8);
        JacksonException failure = catchThrowableOfType(
                JacksonException.class, () -> JsonMapper.shared().readValue(bytes, Folder.class));
        return JsonErrors.describe(failure);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '@', textBlock = """
            {"count":                      | line 1, column 10: Unexpected end-of-input within/between Object entries
            {                              | line 1, column 2: Unexpected end-of-input: expected close marker for Object
            {"count": 1,~ "numbers": [1,  | line 2, column 16: numbers: Unexpected end-of-input within/between Array entries
            {"count" 1}                    | line 1, column 10: Unexpected character ('1' (code 49)): was expecting a colon to separate property name and value
            {"count": "x"}                 | line 1, column 11: count: Cannot deserialize value of type int from String "x": not a valid int value
            {"count": null}                | line 1, column 11: count: Cannot map null into type int
            {"numbers": [1, {}]}           | line 1, column 17: numbers[1]: Cannot deserialize value of type Double from Object value (token START_OBJECT)
            {"files": {"a": {"bytes": []}}}| line 1, column 27: files.a.bytes: Cannot deserialize value of type long from Array value (token START_ARRAY)
            """)
    void tellsWhatAndWhereAndNothingElse(String json, String expected) {
        assertThat(describe(json)).isEqualTo(expected);
    }

    @Test
    void limitsAreToldWithoutTheirSettings() {
        JacksonException failure = catchThrowableOfType(
                JacksonException.class, () -> JsonMapper.shared().readTree("[".repeat(10_000)));
        assertThat(JsonErrors.describe(failure)).endsWith("exceeds the maximum allowed (500)");
    }

    @Test
    void whereThereIsNoPlaceNoneIsTold() {
        JacksonException failure = catchThrowableOfType(
                JacksonException.class, () -> JsonMapper.shared().readTree(new byte[] {0, 0, -1, -2, 1, 2}));
        assertThat(JsonErrors.describe(failure)).isEqualTo("Unsupported UCS-4 endianness (2143) detected");
    }
}
