package dev.mynah.cli;

import dev.mynah.text.Tokenizer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/** {@code mynah tokenizer decode}: token ids to text. */
@Command(
        name = "decode",
        description = "Print the text of token ids.",
        footer = {"", "Example:", "  mynah tokenizer decode -t runs/first/model 0,312,40 7"})
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class TokenizerDecodeCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private TokenizerOption tokenizer;

    @Parameters(arity = "1..*", paramLabel = "IDS", description = "Token ids, with commas or blanks between them.")
    private List<String> ids;

    @Option(names = "--keep-specials", description = "Print special tokens too, as their text.")
    private boolean keepSpecials;

    @Option(names = "--json", description = "Print one JSON object: {\"text\"}.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        Tokenizer loaded = tokenizer.load();
        int[] tokens = TokenIds.parse(String.join(" ", ids));
        if (tokens.length == 0) {
            throw new IllegalArgumentException("no token ids are given; ids are numbers such as 1,300,301");
        }
        String text =
                keepSpecials ? new String(loaded.decodeBytes(tokens), StandardCharsets.UTF_8) : loaded.decode(tokens);
        spec.commandLine()
                .getOut()
                .println(json ? JsonMapper.shared().createObjectNode().put("text", text) : text);
        return 0;
    }
}
