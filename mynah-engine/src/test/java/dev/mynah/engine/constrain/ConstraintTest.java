package dev.mynah.engine.constrain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mynah.engine.TokenConstraint;
import dev.mynah.text.Tokenizer;
import dev.mynah.text.Tokenizers;
import dev.mynah.text.chat.ToolCallFormat;
import dev.mynah.text.chat.ToolDefinition;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class ConstraintTest {
    private static final Tokenizer TOKENIZER = tokenizer();
    private static final int END = TOKENIZER.idOf("<|im_end|>");
    private static final Vocabulary VOCABULARY = new Vocabulary(TOKENIZER, Set.of(END));

    private static Tokenizer tokenizer() {
        try {
            return Tokenizers.load(Path.of("../mynah-text/src/test/resources/dev/mynah/text/qwen3"));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static List<Integer> allowed(TokenConstraint constraint) {
        return allowed(constraint, Integer.MAX_VALUE);
    }

    private static List<Integer> allowed(TokenConstraint constraint, int left) {
        float[] logits = new float[TOKENIZER.vocabSize() + 5];
        constraint.mask(logits, left);
        List<Integer> allowed = new ArrayList<>();
        for (int i = 0; i < logits.length; i++) {
            if (logits[i] == 0) {
                allowed.add(i);
            }
        }
        assertThat(allowed).isNotEmpty().allMatch(id -> id < TOKENIZER.vocabSize());
        return allowed;
    }

    /** A text of at most {@code most} tokens, chosen at random. */
    private static String sample(Constraint constraint, Random random, int most) {
        TokenConstraint walk = constraint.get();
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        for (int i = 0; i < most && !walk.complete(); i++) {
            List<Integer> allowed = allowed(walk, most - i);
            boolean end = allowed.contains(END) && random.nextInt(4) == 0;
            int token = end ? END : any(allowed, random);
            walk.accept(token);
            if (token != END) {
                text.writeBytes(TOKENIZER.bytes(token));
            }
        }
        return text.toString(StandardCharsets.UTF_8);
    }

    private static int any(List<Integer> allowed, Random random) {
        return allowed.get(random.nextInt(allowed.size()));
    }

    /** Whether {@code text} can be written, byte by byte as far as the vocabulary has its bytes, and be complete. */
    private static boolean takes(Constraint constraint, String text) {
        TokenConstraint walk = constraint.get();
        for (byte value : text.getBytes(StandardCharsets.UTF_8)) {
            int token = -1;
            for (int id = 0; id < TOKENIZER.vocabSize(); id++) {
                byte[] bytes = TOKENIZER.bytes(id);
                if (bytes.length == 1 && bytes[0] == value && !TOKENIZER.isSpecial(id)) {
                    token = id;
                }
            }
            if (walk.complete() || !allowed(walk).contains(token)) {
                return false;
            }
            walk.accept(token);
        }
        return walk.complete() || allowed(walk).contains(END);
    }

    @Test
    void choicesAreAllThereIs() {
        List<String> choices = List.of("yes", "no", "not", "也许🐦", "");
        Constraint constraint = Constraint.choice(VOCABULARY, choices);
        Set<String> seen = new HashSet<>();
        Random random = new Random(1);
        for (int i = 0; i < 300; i++) {
            seen.add(sample(constraint, random, 8));
        }

        assertThat(seen).containsExactlyInAnyOrderElementsOf(choices);
        assertThatThrownBy(() -> Constraint.choice(VOCABULARY, List.of())).hasMessageContaining("no text at all");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[a-c]{2,4}x?",
                "(?:ab|cd)*|e+",
                "\\d{3}-\\d{2}",
                "[^a]",
                ".{0,3}",
                "[\\u4e00-\\u9fff]{1,3}",
                "[é-ü🐀-🐿]+",
                "^(a|b)$",
                "\\w+ \\S",
                "[a\\-\\]]+",
                "\\$\\{x\\}",
                "",
            })
    void regularExpressions(String regex) {
        Constraint constraint = Constraint.regex(VOCABULARY, regex);
        Pattern java = Pattern.compile(regex);
        Random random = new Random(2);
        for (int i = 0; i < 60; i++) {
            String text = sample(constraint, random, 8);
            assertThat(java.matcher(text.replace('\u2028', ' ')
                                    .replace('\u2029', ' ')
                                    .replace('\u0085', 'x'))
                            .matches())
                    .as("<%s>", text)
                    .isTrue();
        }
    }

    @Test
    void everyTextOfASetIsReachable() {
        Constraint constraint = Constraint.regex(VOCABULARY, "(a|bc)?[0-2]{0,2}(é|🐦)?");
        for (String head : List.of("", "a", "bc")) {
            for (String middle : List.of("", "0", "12", "22")) {
                for (String tail : List.of("", "é", "🐦")) {
                    assertThat(takes(constraint, head + middle + tail)).isTrue();
                }
            }
        }
        assertThat(takes(constraint, "b")).isFalse();
        assertThat(takes(constraint, "3")).isFalse();
    }

    @Test
    void charactersOfAllLengthsKeepToTheirRanges() {
        Random random = new Random(4);
        for (int i = 0; i < 40; i++) {
            int low = random.nextInt(0x10FFFF);
            int high = Math.min(0x10FFFF, low + (1 << random.nextInt(20)));
            Constraint constraint = Constraint.regex(VOCABULARY, "[" + escaped(low) + "-" + escaped(high) + "]");
            for (int c : new int[] {low, high, low - 1, high + 1, (low + high) / 2, random.nextInt(0x10FFFF)}) {
                if (c >= 0 && c <= 0x10FFFF && !(c >= 0xD800 && c <= 0xDFFF)) {
                    assertThat(takes(constraint, Character.toString(c)))
                            .as("%x in %x..%x", c, low, high)
                            .isEqualTo(low <= c && c <= high);
                }
            }
        }
    }

    private static String escaped(int c) {
        int inside = c >= 0xD800 && c <= 0xDFFF ? 0xE000 : c;
        return (inside < 128 ? "\\x" + String.format("%02x", inside) : Character.toString(inside));
    }

    @Test
    void jsonModeGivesAnObject() {
        Constraint constraint = Constraint.json(VOCABULARY);
        Random random = new Random(5);
        for (int i = 0; i < 100; i++) {
            String text = sample(constraint, random, 2 + random.nextInt(40));
            assertThat(JsonMapper.shared().readTree(text).isObject()).as(text).isTrue();
        }
        for (String json :
                List.of("{}", "{\"a\": [1, -2.5e+3, null, true, \"\\u00e9\\n🐦\"]}", "{ \"a\":{\"b\":{}} }")) {
            assertThat(takes(constraint, json)).as(json).isTrue();
        }
        for (String json : List.of("", "[]", "{\"a\":01}", "{\"a\"}", "{\"a\":\"\\ud800\"}", "{\"a\":1,}", "{}{}")) {
            assertThat(takes(constraint, json)).as(json).isFalse();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            quoteCharacter = '~',
            value = {
                "{\"type\":\"integer\",\"minimum\":-12,\"maximum\":105}#-12 -1 0 9 10 99 100 105#-13 106 00 -0 01 1.0",
                "{\"type\":\"integer\",\"exclusiveMinimum\":5}#6 10 1000000#5 0 -1 06",
                "{\"type\":\"number\",\"minimum\":-1,\"maximum\":2.5}#-1 -0.5 0.25 1.99 2#-1.1 2.6 3",
                "{\"type\":\"number\",\"maximum\":-2}#-2 -2.5 -100.1#-1.9 0 1",
                "{\"enum\":[\"a\",1,null,{\"x\":[]}]}#\"a\" 1 null {\"x\":[]}#\"b\" 2 {}",
                "{\"const\":\"é\\n\"}#\"é\\n\"#\"e\"",
                "{\"type\":[\"string\",\"null\"],\"maxLength\":2}#null \"\" \"🐦🐦\" \"\\u0041b\"#\"abc\" 1",
                "{\"type\":\"string\",\"pattern\":\"^a+\\\"$\"}#\"a\\\"\" \"aa\\\"\"#\"a\" \"b\\\"\"",
                "{\"type\":\"string\",\"pattern\":\"b\"}#\"b\" \"abc\"#\"a\" \"\"",
                "{\"type\":\"string\",\"format\":\"date\"}#\"2026-02-28\"#\"2026-02-30\" \"2026-13-01\"",
                "{\"type\":\"array\",\"items\":{\"type\":\"boolean\"},\"minItems\":1,\"maxItems\":2}#[true] [true,false]#[] [1] [true,true,true]",
                "{\"type\":\"array\",\"prefixItems\":[{\"type\":\"null\"}],\"items\":{\"const\":1},\"minItems\":2}#[null,1] [null,1,1]#[null] [1]",
                "{\"anyOf\":[{\"type\":\"null\"},{\"type\":\"integer\"}]}#null 5#\"a\" 1.5",
                "{\"type\":\"object\",\"properties\":{\"a\":{\"const\":1},\"b\":{\"const\":2}},\"required\":[\"b\"]}#{\"b\":2} {\"a\":1,\"b\":2}#{} {\"a\":1} {\"b\":2,\"c\":3}",
                "{\"type\":\"object\",\"properties\":{\"a\":{\"const\":1},\"ab\":{\"const\":2}},\"additionalProperties\":{\"type\":\"null\"}}#{} {\"a\":1} {\"x\":null} {\"ab\":2,\"\":null,\"abc\":null}#{\"a\":null} {\"ab\":null} {\"\\u0061\":null}",
                "{\"type\":\"object\",\"additionalProperties\":false}#{}#{\"a\":1}",
                "{\"$ref\":\"@/$defs/t\",\"$defs\":{\"t\":{\"anyOf\":[{\"type\":\"null\"},{\"type\":\"array\",\"items\":{\"$ref\":\"@/$defs/t\"}}]}}}#null [] [null,[[null]]]#1 [1]",
                "{\"type\":\"string\",\"nullable\":true,\"enum\":[\"x\"]}#\"x\" null#\"y\"",
                "true#1 {} []#x",
            })
    void schemas(String schema, String valid, String invalid) {
        Constraint constraint =
                Constraint.jsonSchema(VOCABULARY, JsonMapper.shared().readTree(schema.replace("@", "#")));
        for (String text : valid.split(" ")) {
            assertThat(takes(constraint, text)).as(text).isTrue();
        }
        for (String text : invalid.split(" ")) {
            assertThat(takes(constraint, text)).as(text).isFalse();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            quoteCharacter = '~',
            value = {
                "{\"type\":\"object\",\"minProperties\":1}!\"minProperties\" is not supported",
                "{\"type\":\"thing\"}!type is one of",
                "{\"not\":{}}!\"not\" is not supported",
                "{\"$ref\":\"http://x\"}!$ref must lead",
                "{\"type\":\"string\",\"format\":\"nice\"}!the format \"nice\" is not supported",
                "{\"type\":\"string\",\"pattern\":\"(?=a)\"}!only plain groups",
                "{\"enum\":[]}!no text at all",
                "{\"$ref\":\"#\"}!no text at all",
                "{\"type\":\"array\",\"minItems\":-1}!minItems is a whole number",
                "{\"required\":[\"a\"]}!\"a\" is required, but not among",
                "false!no text at all",
                "5!a schema is an object",
            })
    void whatIsNotSupportedIsNamed(String schema, String message) {
        assertThatThrownBy(() ->
                        Constraint.jsonSchema(VOCABULARY, JsonMapper.shared().readTree(schema)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    /** {@code parts} objects, each the only member of the one before. */
    private static JsonNode chain(int parts) {
        ObjectNode schema = JsonMapper.shared().createObjectNode().put("$ref", "#/$defs/0");
        ObjectNode definitions = schema.putObject("$defs");
        for (int i = 0; i < parts; i++) {
            ObjectNode part = definitions.putObject(Integer.toString(i)).put("type", "object");
            part.putArray("required").add("a");
            part.putObject("properties").putObject("a").put("$ref", "#/$defs/" + (i + 1));
        }
        definitions.putObject(Integer.toString(parts)).put("type", "null");
        return schema;
    }

    @Test
    void aLongChainOfReferencesTakesNoStack() {
        StringBuilder text = new StringBuilder();
        assertThat(endless(Constraint.jsonSchema(VOCABULARY, chain(900)), 10_000, text)
                        .complete())
                .isTrue();
        assertThat(text.toString().replaceAll("\\s", "")).isEqualTo("{\"a\":".repeat(900) + "null" + "}".repeat(900));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(",
                ")",
                "[",
                "a{2",
                "a{3,2}",
                "*",
                "a**",
                "\\",
                "\\1",
                "\\b",
                "(?<n>a)",
                "[z-a]",
                "a{9999}",
                "((a{999}){999}){999}",
                "((){999}){999}"
            })
    void badRegularExpressionsAreRefused(String regex) {
        if (regex.equals("((){999}){999}")) {
            assertThat(takes(Constraint.regex(VOCABULARY, regex), "")).isTrue();
            return;
        }
        assertThatThrownBy(() -> Constraint.regex(VOCABULARY, regex)).isInstanceOf(IllegalArgumentException.class);
    }

    /** What a model writes that never comes to an end: {@code x} wherever it may. */
    private static TokenConstraint endless(Constraint constraint, int most, StringBuilder text) {
        TokenConstraint walk = constraint.get();
        int favourite = TOKENIZER.idOf("x");
        for (int i = 0; i < most && !walk.complete(); i++) {
            float[] logits = new float[TOKENIZER.vocabSize()];
            logits[favourite] = 1;
            walk.mask(logits, most - i);
            int token = logits[favourite] == 1 ? favourite : first(logits);
            walk.accept(token);
            text.append(new String(TOKENIZER.bytes(token), StandardCharsets.UTF_8));
        }
        return walk;
    }

    private static int first(float[] logits) {
        return IntStream.range(0, logits.length)
                .filter(id -> logits[id] == 0)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aTextThatRunsOutOfTokensIsBroughtToItsEnd() {
        Constraint constraint =
                Constraint.jsonSchema(VOCABULARY, JsonMapper.shared().readTree("""
                                {"type": "object", "required": ["location", "units"], "properties": {
                                 "location": {"type": "string"}, "units": {"enum": ["celsius", "fahrenheit"]}}}
                                """));
        StringBuilder text = new StringBuilder();
        TokenConstraint walk = endless(constraint, 40, text);

        assertThat(walk.complete()).isTrue();
        assertThat(walk.cutShort()).isTrue();
        assertThat(text.toString()).matches("\\{ ?\"location\": ?\"x{10,}\", ?\"units\": ?\"(celsius|fahrenheit)\" ?}");
    }

    @Test
    void whatEndsByItselfIsNotCutShort() {
        StringBuilder text = new StringBuilder();
        TokenConstraint walk = endless(Constraint.regex(VOCABULARY, "x{20}"), 20, text);

        assertThat(walk.complete()).isTrue();
        assertThat(walk.cutShort()).isFalse();
        assertThat(text).hasToString("x".repeat(20));
    }

    @Test
    void withTooFewTokensForAnyTextTheLimitForbidsNothing() {
        TokenConstraint walk = Constraint.regex(VOCABULARY, "x{20}y").get();

        assertThat(allowed(walk, 2)).isEqualTo(allowed(walk));
        assertThat(walk.cutShort()).isFalse();
    }

    @Test
    void theMaskIsWhatTokenByTokenTryingGives() {
        Constraint constraint = Constraint.json(VOCABULARY);
        TokenConstraint walk = constraint.get();
        StringBuilder written = new StringBuilder();
        Random random = new Random(9);
        for (int i = 0; i < 25 && !walk.complete(); i++) {
            List<Integer> allowed = allowed(walk);
            for (int id = random.nextInt(7); id < TOKENIZER.vocabSize(); id += 7) {
                if (id != END && !TOKENIZER.isSpecial(id)) {
                    assertThat(allowed.contains(id))
                            .as("%s then %d", written, id)
                            .isEqualTo(fits(constraint, written.toString(), id));
                }
            }
            int token = any(allowed, random);
            walk.accept(token);
            written.append(token).append(' ');
        }
    }

    /** Most vocabularies have tokens in which a string ends and something else begins. */
    @Test
    void tokensThatReachBeyondAStringAreAllowedWhereTheyFit() {
        JoinedTokenizer tokenizer =
                new JoinedTokenizer(List.of("\",", "\":", "\"}", "\"}}", "\": \"", "x\"]", "xyz", "\",\""));
        Constraint constraint = Constraint.json(new Vocabulary(tokenizer, Set.of(JoinedTokenizer.END)));
        for (String written :
                List.of("{\"", "{\"k", "{\"a\": \"", "{\"a\": [\"", "{\"a\": {\"b\": \"v", "{\"a\": [\"x\", \"")) {
            for (int left : new int[] {Integer.MAX_VALUE, 3}) {
                TokenConstraint walk = constraint.get();
                for (byte value : written.getBytes(StandardCharsets.UTF_8)) {
                    walk.accept(value & 0xFF);
                }
                float[] logits = new float[tokenizer.vocabSize()];
                walk.mask(logits, left);
                for (int id = 0; id < logits.length; id++) {
                    boolean fits = id != JoinedTokenizer.END && fitsBehind(constraint, written, tokenizer.bytes(id));
                    if (left > 3 || logits[id] == 0) {
                        assertThat(logits[id] == 0)
                                .as("%s then %d", written, id)
                                .isEqualTo(fits);
                    }
                }
            }
        }
    }

    private static boolean fitsBehind(Constraint constraint, String written, byte[] more) {
        TokenConstraint walk = constraint.get();
        try {
            for (byte value : written.getBytes(StandardCharsets.UTF_8)) {
                walk.accept(value & 0xFF);
            }
            for (byte value : more) {
                walk.accept(value & 0xFF);
            }
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** Each tool has rules of its own for what may follow a member, whatever their members are called. */
    @Test
    void toolsWithMembersOfTheSameNameKeepApart() {
        ToolDefinition write = tool("write_file", List.of("path", "content"));
        ToolDefinition read = tool("read_file", List.of("path"));
        for (List<ToolDefinition> tools : List.of(List.of(write, read), List.of(read, write))) {
            Constraint constraint = Constraint.toolCalls(VOCABULARY, ToolCallFormat.LLAMA, tools, false, null);

            assertThat(takes(
                            constraint,
                            "{\"name\": \"write_file\", \"parameters\": {\"path\":\"a\",\"content\":\"b\"}}"))
                    .isTrue();
            assertThat(takes(constraint, "{\"name\": \"read_file\", \"parameters\": {\"path\":\"a\"}}"))
                    .isTrue();
            assertThat(takes(constraint, "{\"name\": \"write_file\", \"parameters\": {\"path\":\"a\"}}"))
                    .isFalse();
            assertThat(takes(
                            constraint,
                            "{\"name\": \"read_file\", \"parameters\": {\"path\":\"a\",\"content\":\"b\"}}"))
                    .isFalse();
        }
    }

    private static ToolDefinition tool(String name, List<String> members) {
        ObjectNode schema = JsonMapper.shared().createObjectNode().put("type", "object");
        members.forEach(member -> {
            schema.withArray("required").add(member);
            schema.withObject("properties").putObject(member).put("type", "string");
        });
        return new ToolDefinition(name, "", schema);
    }

    /** What strangers may send to keep the engine busy: each is refused or served, and soon. */
    @Test
    void hostileSchemasTakeLittleTimeAndMemory() {
        JoinedTokenizer tokenizer = new JoinedTokenizer(List.of("character"));
        Vocabulary vocabulary = new Vocabulary(tokenizer, Set.of(JoinedTokenizer.END));
        Constraint loop = Constraint.regex(vocabulary, "(?:c*)*haracter");
        assertThat(allowed(loop.get(), tokenizer)).contains((int) 'c', (int) 'h');

        ObjectNode nested = JsonMapper.shared().createObjectNode().put("type", "string");
        ObjectNode doubled = nested.deepCopy();
        for (int i = 0; i < 50; i++) {
            ObjectNode array = JsonMapper.shared().createObjectNode().put("type", "array");
            array.set("items", nested);
            nested = array;
            ObjectNode object = JsonMapper.shared().createObjectNode();
            object.putArray("type").add("object").add("object");
            object.putObject("properties").set("a", doubled);
            doubled = object;
        }
        JsonNode arrays = nested;
        assertThatThrownBy(() -> Constraint.jsonSchema(vocabulary, arrays)).hasMessageContaining("too large");
        assertThat(takes(Constraint.jsonSchema(VOCABULARY, doubled), "{}")).isTrue();
        assertThatThrownBy(() -> Constraint.jsonSchema(
                        vocabulary,
                        JsonMapper.shared()
                                .readTree("{\"type\":\"array\",\"prefixItems\":[true" + ",true".repeat(30_000) + "]}")))
                .hasMessageContaining("prefixItems");
        assertThatThrownBy(() -> Constraint.regex(vocabulary, "(?:(?:(?:" + "B".repeat(100_000) + "){0}){1000}){600}"))
                .hasMessageContaining("at most 10000 characters");
        assertThatThrownBy(() -> Constraint.regex(vocabulary, "(?:(?:(?:" + "B".repeat(9_000) + "){0}){1000}){900}"))
                .hasMessageContaining("too large");
        Constraint broad = Constraint.regex(vocabulary, "(?:.?){200}");
        assertThat(allowed(broad.get(), tokenizer)).contains((int) 'a', JoinedTokenizer.END);
    }

    private static List<Integer> allowed(TokenConstraint walk, Tokenizer tokenizer) {
        float[] logits = new float[tokenizer.vocabSize()];
        walk.mask(logits, Integer.MAX_VALUE);
        return IntStream.range(0, logits.length)
                .filter(id -> logits[id] == 0)
                .boxed()
                .toList();
    }

    private static boolean fits(Constraint constraint, String tokens, int id) {
        TokenConstraint walk = constraint.get();
        Arrays.stream(tokens.split(" "))
                .filter(token -> !token.isEmpty())
                .forEach(token -> walk.accept(Integer.parseInt(token)));
        try {
            walk.accept(id);
            return TOKENIZER.bytes(id).length > 0;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
