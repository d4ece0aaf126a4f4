package dev.mynah.engine.constrain;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.mynah.engine.TokenConstraint;
import dev.mynah.text.Tokenizer;
import dev.mynah.text.Tokenizers;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Random schemas, texts that a random model writes under them, and another project's validator. */
class RandomSchemaTest {
    private static final int SCHEMAS = 100;
    private static final int MOST_TOKENS = 600;

    private static Tokenizer tokenizer;
    private static int end;
    private static Vocabulary vocabulary;

    @BeforeAll
    static void load() throws IOException {
        tokenizer = Tokenizers.load(Path.of("../mynah-text/src/test/resources/dev/mynah/text/qwen3"));
        end = tokenizer.idOf("<|im_end|>");
        vocabulary = new Vocabulary(tokenizer, Set.of(end));
    }

    @Test
    void whatIsWrittenIsValid() {
        SchemaRegistry registry = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
        for (int seed = 0; seed < SCHEMAS; seed++) {
            Random random = new Random(seed);
            ObjectNode schema = schema(random, 0);
            ObjectNode definitions = JsonMapper.shared().createObjectNode();
            definitions.set("shared", schema(random, 2));
            schema.set("$defs", definitions);
            Schema validator = registry.getSchema(schema.toString());
            Constraint constraint = Constraint.jsonSchema(vocabulary, schema);
            for (int i = 0; i < 3; i++) {
                String text = write(constraint.get(), random);
                assertThat(validator.validate(text, InputFormat.JSON))
                        .as("seed %d: %s under %s", seed, text, schema)
                        .isEmpty();
            }
        }
    }

    /** Any allowed token, and the end as soon as there may be one: complete in time, however long such texts would be. */
    private static String write(TokenConstraint walk, Random random) {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        for (int i = 0; i < MOST_TOKENS && !walk.complete(); i++) {
            float[] logits = new float[tokenizer.vocabSize()];
            walk.mask(logits, MOST_TOKENS - i);
            int token = next(logits, random);
            walk.accept(token);
            if (token != end) {
                text.writeBytes(tokenizer.bytes(token));
            }
        }
        assertThat(walk.complete()).as("%s", text).isTrue();
        return text.toString(StandardCharsets.UTF_8);
    }

    private static int next(float[] logits, Random random) {
        if (logits[end] == 0) {
            return end;
        }
        List<Integer> allowed = new ArrayList<>();
        for (int id = 0; id < logits.length; id++) {
            if (logits[id] == 0) {
                allowed.add(id);
            }
        }
        assertThat(allowed).isNotEmpty();
        return allowed.get(random.nextInt(allowed.size()));
    }

    private static ObjectNode schema(Random random, int depth) {
        ObjectNode schema = JsonMapper.shared().createObjectNode();
        switch (random.nextInt(depth < 3 ? 11 : 7)) {
            case 0 -> schema.put("type", "boolean");
            case 1 -> integer(schema.put("type", "integer"), random);
            case 2 -> number(schema.put("type", "number"), random);
            case 3, 4 -> string(schema.put("type", "string"), random);
            case 5 -> {
                ArrayNode values = schema.putArray("enum");
                values.add("a\"b").add(3).add(true).addNull().add("ü🐦");
            }
            case 6 -> schema.putArray("type").add("integer").add("null");
            case 7, 8 -> object(schema.put("type", "object"), random, depth);
            case 9 -> array(schema.put("type", "array"), random, depth);
            default -> {
                if (depth > 0 && depth < 2 && random.nextBoolean()) {
                    schema.put("$ref", "#/$defs/shared");
                } else {
                    ArrayNode options = schema.putArray("anyOf");
                    options.add(schema(random, depth + 1));
                    options.add(schema(random, depth + 1));
                }
            }
        }
        return schema;
    }

    private static void integer(ObjectNode schema, Random random) {
        int low = random.nextInt(2001) - 1000;
        if (random.nextBoolean()) {
            schema.put(random.nextBoolean() ? "minimum" : "exclusiveMinimum", low);
        }
        if (random.nextBoolean()) {
            schema.put(random.nextBoolean() ? "maximum" : "exclusiveMaximum", low + 2 + random.nextInt(500));
        }
    }

    private static void number(ObjectNode schema, Random random) {
        int low = random.nextInt(201) - 100;
        if (random.nextBoolean()) {
            schema.put("minimum", low);
            if (random.nextBoolean()) {
                schema.put("maximum", low + 1 + random.nextInt(50));
            }
        }
    }

    private static void string(ObjectNode schema, Random random) {
        switch (random.nextInt(5)) {
            case 0 -> schema.put("pattern", "^[a-c]{2,4}(-\\d+)?$");
            case 1 ->
                schema.put(
                        "format", List.of("date", "uuid", "ipv4", "date-time").get(random.nextInt(4)));
            case 2 -> {
                int least = random.nextInt(4);
                schema.put("minLength", least).put("maxLength", least + random.nextInt(6));
            }
            default -> {}
        }
    }

    private static void object(ObjectNode schema, Random random, int depth) {
        ObjectNode properties = schema.putObject("properties");
        ArrayNode required = schema.putArray("required");
        int count = 1 + random.nextInt(4);
        for (int i = 0; i < count; i++) {
            String name = List.of("a", "b c", "d\"e", "名").get(i);
            properties.set(name, schema(random, depth + 1));
            if (random.nextBoolean()) {
                required.add(name);
            }
        }
        switch (random.nextInt(3)) {
            case 0 -> schema.put("additionalProperties", false);
            case 1 -> schema.set("additionalProperties", schema(random, depth + 2));
            default -> {}
        }
    }

    private static void array(ObjectNode schema, Random random, int depth) {
        schema.set("items", schema(random, depth + 1));
        int least = random.nextInt(3);
        schema.put("minItems", least).put("maxItems", least + random.nextInt(3));
        if (random.nextInt(3) == 0) {
            schema.putArray("prefixItems").add(schema(random, depth + 1));
        }
    }
}
