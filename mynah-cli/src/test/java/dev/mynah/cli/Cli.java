package dev.mynah.cli;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Runs the command within this process. */
record Cli(int exitCode, String out, String err) {

    /** Tiny models that mynah-engine is held to; see src/test/fixtures/README.md there. */
    static final Path LLAMA = Path.of("..", "mynah-engine", "src", "test", "resources", "fixtures", "llama");

    static Cli run(Object... args) {
        String[] words = new String[args.length];
        for (int i = 0; i < words.length; i++) {
            words[i] = args[i].toString();
        }
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exitCode =
                Mynah.commandLine(new PrintWriter(out), new PrintWriter(err)).execute(words);
        return new Cli(exitCode, out.toString(), err.toString());
    }

    /** As {@link #run}, with a text on standard input. */
    static Cli runWithInput(String input, Object... args) {
        InputStream before = System.in;
        System.setIn(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)));
        try {
            return run(args);
        } finally {
            System.setIn(before);
        }
    }

    /** The object on the last line of standard output. */
    JsonNode json() {
        return JsonMapper.shared()
                .readTree(out.lines().reduce((first, second) -> second).orElse(""));
    }
}
