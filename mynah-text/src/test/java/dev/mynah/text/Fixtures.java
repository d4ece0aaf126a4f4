package dev.mynah.text;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPInputStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Tokenizers and expected ids made with the Hugging Face tokenizers library; see {@code
 * src/test/fixtures/make_fixtures.py}.
 */
final class Fixtures {

    static final List<String> FAMILIES = List.of("gpt2", "gpt2-prefix", "llama3", "qwen3", "o200k");

    /** What the reference gives for one text; see the script for the fields. */
    record Expected(String text, List<Integer> plain, List<Integer> ids, List<Integer> model, String decoded) {}

    private Fixtures() {}

    static Path folder(String family) {
        return Path.of("src/test/resources/dev/mynah/text").resolve(family);
    }

    static BpeTokenizer tokenizer(String family) throws IOException {
        return (BpeTokenizer) Tokenizers.load(folder(family));
    }

    static List<Expected> expected(String family) throws IOException {
        return expected(folder(family).resolve("expected.jsonl.gz"));
    }

    static List<Expected> expected(Path file) throws IOException {
        JsonMapper mapper = JsonMapper.shared();
        try (BufferedReader lines = new BufferedReader(
                new InputStreamReader(new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
            return lines.lines().map(mapper::readTree).map(Fixtures::expected).toList();
        }
    }

    private static Expected expected(JsonNode line) {
        return new Expected(
                line.path("text").stringValue(),
                ids(line.path("plain")),
                ids(line.path("ids")),
                ids(line.path("model")),
                line.path("decoded").stringValue());
    }

    private static List<Integer> ids(JsonNode array) {
        return array.values().stream().map(JsonNode::intValue).toList();
    }
}
