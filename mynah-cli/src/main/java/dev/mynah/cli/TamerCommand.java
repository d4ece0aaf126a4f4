package dev.mynah.cli;

import dev.mynah.data.Message;
import dev.mynah.train.TrainingStoppedException;
import dev.mynah.train.config.TamerConfig;
import dev.mynah.train.ppo.Tamer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code mynah train tamer}: from a person's numbers to a model that pleases that person more. */
@Command(
        name = "tamer",
        description = {
            "Fine-tune a model on your own numbers: it shows you its answers one by one, and you say how good each is.",
            "Numbers are read from standard input, one a line, from -1 (bad) to 1 (good). What you said is kept in DIR/feedback.jsonl, and --resume does not ask for it again.",
        },
        footer = {
            "",
            "Example:",
            "  mynah train tamer --config tamer.yaml --out runs/tamer",
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class TamerCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private StageOptions stage;

    @Mixin
    private SkipBadOption skipBad;

    @Override
    public Integer call() throws IOException {
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        return stage.run(
                TamerConfig.class,
                (config, options, ranks, monitor) ->
                        Tamer.run(config, options, ranks, monitor, (prompt, answer) -> ask(lines, prompt, answer)),
                skipBad.overrides());
    }

    private double ask(BufferedReader lines, List<Message> prompt, String answer) throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        out.println();
        prompt.forEach(message -> out.println(message.role().id() + ": " + message.content()));
        out.println("answer: " + answer);
        while (true) {
            out.print("from -1 (bad) to 1 (good): ");
            out.flush();
            String line = lines.readLine();
            if (line == null) {
                throw new TrainingStoppedException(
                        "the input has ended; what was said so far is kept, go on with --resume", null);
            }
            try {
                double value = Double.parseDouble(line.strip());
                if (Math.abs(value) <= 1) {
                    return value;
                }
            } catch (NumberFormatException e) {
                // Asked again below.
            }
            out.println("\"" + line.strip() + "\" is not a number from -1 to 1.");
        }
    }
}
