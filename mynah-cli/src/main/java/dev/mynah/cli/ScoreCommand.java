package dev.mynah.cli;

import dev.mynah.engine.Score;
import dev.mynah.tensor.Scope;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/** {@code mynah score}: how well a model predicts a text. */
@Command(
        name = "score",
        description = {
            "Measure how well a model predicts a text.",
            "The tokens are those that the tokenizer's own post-processor gives; the first is only read, the rest are summed. "
                    + "A text longer than the model's context is read in windows that overlap by half, so that every "
                    + "token is predicted from at least half a context.",
        },
        footer = {"", "Example:", "  mynah score -m runs/first/model --file held-out.txt --json"})
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class ScoreCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private ModelOption model;

    @Option(names = "--file", required = true, paramLabel = "F", description = "The text, a file in UTF-8.")
    private Path file;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        String text = Texts.file(file);
        try (Scope scope = Scope.open()) {
            print(model.load().scorer().score(text));
        }
        return 0;
    }

    private void print(Score score) {
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(JsonMapper.shared()
                    .createObjectNode()
                    .put("log_likelihood", score.logLikelihood())
                    .put("tokens", score.tokens())
                    .put("bytes", score.bytes())
                    .put("bits_per_byte", score.bitsPerByte())
                    .put("perplexity", score.perplexity()));
            return;
        }
        out.printf(Locale.ROOT, "log-likelihood  %.4f nats%n", score.logLikelihood());
        out.printf(Locale.ROOT, "tokens          %d%n", score.tokens());
        out.printf(Locale.ROOT, "bytes           %d%n", score.bytes());
        out.printf(Locale.ROOT, "bits per byte   %.4f%n", score.bitsPerByte());
        out.printf(Locale.ROOT, "perplexity      %.4f%n", score.perplexity());
    }
}
