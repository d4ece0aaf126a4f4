package dev.mynah.cli;

import dev.mynah.text.Tokenizer;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code mynah tokenizer encode}: text to token ids. */
@Command(
        name = "encode",
        description = {
            "Print the token ids of a text.",
            "As the tokenizer's own post-processor gives them, with the tokens that begin or end a sequence where the model has them.",
        },
        footer = {"", "Example:", "  mynah tokenizer encode -t runs/first/model \"床前明月光 🐦\""})
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class TokenizerEncodeCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private TokenizerOption tokenizer;

    @Parameters(
            arity = "0..1",
            defaultValue = "-",
            paramLabel = "TEXT",
            description = "The text; - reads standard input (default: ${DEFAULT-VALUE}).")
    private String text;

    @Option(
            names = "--plain",
            description = "Take special tokens in the text as plain text, and add nothing before or after.")
    private boolean plain;

    @Option(names = "--json", description = "Print one JSON object: {\"ids\": [...], \"count\": N}.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        Tokenizer loaded = tokenizer.load();
        String input = Texts.ofInput(text, System.in);
        int[] ids = plain ? loaded.encode(input) : loaded.encodeForModel(input);
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            ObjectNode result = JsonMapper.shared().createObjectNode();
            ArrayNode array = result.putArray("ids");
            Arrays.stream(ids).forEach(array::add);
            out.println(result.put("count", ids.length));
        } else {
            out.println(Arrays.stream(ids).mapToObj(Integer::toString).collect(Collectors.joining(" ")));
        }
        return 0;
    }
}
