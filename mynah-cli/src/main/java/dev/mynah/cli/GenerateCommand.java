package dev.mynah.cli;

import dev.mynah.engine.BeamSearch;
import dev.mynah.engine.EngineOptions;
import dev.mynah.engine.Engines;
import dev.mynah.engine.Generation;
import dev.mynah.engine.GenerationRequest;
import dev.mynah.engine.SamplingOptions;
import dev.mynah.engine.TextCodec;
import dev.mynah.engine.TextGenerator;
import dev.mynah.engine.TokenLogProb;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code mynah generate}: continues a text as the model stands, without a conversation's frame. */
@Command(
        name = "generate",
        description = "Continue a text.",
        footer = {
            "",
            "Examples:",
            "  mynah generate -m runs/first/model -p \"Once upon a time\"",
            "  mynah generate -m MODEL -p @prompt.txt --max-tokens 200 --temperature 0",
            "  echo -n 床前明月光 | mynah generate -m MODEL -p - --seed 7 --json",
            "  mynah generate -m MODEL -p \"A bird as JSON: \" --json-schema bird.schema.json",
            "  mynah generate -m MODEL -p \"The sky is\" --choice \" blue\" --choice \" grey\"",
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class GenerateCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private ModelOption model;

    @Mixin
    private DraftOption draft;

    @ArgGroup(multiplicity = "1")
    private Prompt prompt;

    @ArgGroup
    private @Nullable FormOption form;

    static final class Prompt {
        @Option(
                names = {"-p", "--prompt"},
                paramLabel = "TEXT",
                description = "The text to continue; @FILE reads a file, - standard input (UTF-8).")
        private @Nullable String text;

        @Option(
                names = "--prompt-ids",
                paramLabel = "IDS",
                description = "The tokens to continue, such as 1,300,301; nothing is added to them.")
        private @Nullable String ids;

        int[] tokens(TextCodec codec) throws IOException {
            return text == null ? TokenIds.parse(String.valueOf(ids)) : codec.prompt(Texts.of(text, System.in));
        }
    }

    @Option(
            names = "--max-tokens",
            defaultValue = "128",
            paramLabel = "N",
            description = "The most tokens to generate (default: ${DEFAULT-VALUE}).")
    private int maxTokens;

    @Option(
            names = "--temperature",
            defaultValue = "0.8",
            paramLabel = "T",
            description =
                    "0 always takes the most probable token; 1 is the model's own distribution (default: ${DEFAULT-VALUE}).")
    private double temperature;

    @Option(names = "--top-k", defaultValue = "0", paramLabel = "K", description = "Only the K most probable tokens.")
    private int topK;

    @Option(
            names = "--top-p",
            defaultValue = "1",
            paramLabel = "P",
            description = "Only the most probable tokens that together reach P.")
    private double topP;

    @Option(
            names = "--min-p",
            defaultValue = "0",
            paramLabel = "P",
            description = "Only tokens at least P times as probable as the most probable.")
    private double minP;

    @Option(
            names = "--repetition-penalty",
            defaultValue = "1",
            paramLabel = "R",
            description = "Above 1, tokens that stand in the text already become less probable.")
    private double repetitionPenalty;

    @Option(names = "--seed", paramLabel = "S", description = "The same seed gives the same text (default: a new one).")
    private @Nullable Long seed;

    @Option(names = "--stop", paramLabel = "TEXT", description = "End before this text; may be given several times.")
    private List<String> stop = List.of();

    @Option(
            names = "--beams",
            paramLabel = "N",
            description =
                    "Search for the most probable continuation with N beams in place of sampling; with --json all that were found.")
    private @Nullable Integer beams;

    @Option(
            names = "--length-penalty",
            defaultValue = "1",
            paramLabel = "P",
            description =
                    "With --beams: above 0 longer texts are better off, below 0 shorter ones (default: ${DEFAULT-VALUE}).")
    private double lengthPenalty;

    @Option(names = "--ignore-eos", description = "Go on past the token that ends a text.")
    private boolean ignoreEos;

    @Option(
            names = "--logprobs",
            paramLabel = "K",
            description = "Report each token's log-probability and those of the K most probable (with --json).")
    private @Nullable Integer logProbs;

    @Option(names = "--json", description = "Print one JSON object instead of the text.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        SamplingOptions options = options();
        PrintWriter out = spec.commandLine().getOut();
        if (beams != null) {
            out.println(searched(beams));
            return 0;
        }
        try (Engines.Served served = model.serve(draft)) {
            Consumer<String> onText = text -> {
                if (!json) {
                    out.print(text);
                    out.flush();
                }
            };
            SamplingOptions shaped = form == null
                    ? options
                    : options.toBuilder().constraint(form.of(served.text())).build();
            GenerationRequest request = GenerationRequest.of(prompt.tokens(served.text()), shaped);
            Generation generation = TextGenerator.generate(served.engine(), request, onText);
            out.println(json ? toJson(generation) : "");
        }
        return 0;
    }

    private SamplingOptions options() {
        if (logProbs != null && (logProbs < 0 || !json)) {
            throw new IllegalArgumentException("--logprobs takes a number from 0 on, and needs --json");
        }
        return SamplingOptions.builder()
                .maxTokens(maxTokens)
                .temperature(temperature)
                .topK(topK)
                .topP(topP)
                .minP(minP)
                .repetitionPenalty(repetitionPenalty)
                .seed(seed == null ? RandomGenerator.getDefault().nextLong() : seed)
                .stop(stop)
                .ignoreEos(ignoreEos)
                .topLogProbs(logProbs == null ? -1 : logProbs)
                .build();
    }

    /** What a beam search finds: the best as text, or all as JSON. */
    private String searched(int width) throws IOException {
        if (form != null || logProbs != null) {
            throw new IllegalArgumentException("--beams goes with neither a form of the text nor --logprobs");
        }
        EngineOptions options = new EngineOptions(Math.max(1, width), 0, 0);
        try (Engines.Opened opened = Engines.runner(model.path(), model.device(), options)) {
            TextCodec codec = opened.text();
            List<BeamSearch.Found> found = new BeamSearch(opened.runner(), codec.endIds(), width, lengthPenalty)
                    .search(prompt.tokens(codec), maxTokens);
            if (!json) {
                return text(codec, found.getFirst());
            }
            ObjectNode result = JsonMapper.shared().createObjectNode();
            ArrayNode beamsFound = result.putArray("beams");
            for (BeamSearch.Found one : found) {
                ObjectNode entry = beamsFound.addObject().put("text", text(codec, one));
                one.tokens().forEach(entry.putArray("tokens")::add);
                entry.put("score", one.score());
            }
            return result.toString();
        }
    }

    private static String text(TextCodec codec, BeamSearch.Found found) {
        return codec.tokenizer()
                .decode(found.tokens().stream()
                        .filter(token -> !codec.endIds().contains(token))
                        .mapToInt(Integer::intValue)
                        .toArray());
    }

    private ObjectNode toJson(Generation generation) {
        ObjectNode result = JsonMapper.shared().createObjectNode();
        result.put("text", generation.text());
        ArrayNode tokens = result.putArray("tokens");
        generation.tokens().forEach(tokens::add);
        if (logProbs == null) {
            result.putNull("logprobs");
        } else {
            ArrayNode places = result.putArray("logprobs");
            generation.logProbs().forEach(place -> addTo(places, place));
        }
        result.put("finish_reason", generation.finishReason().id());
        result.putObject("usage")
                .put("prompt_tokens", generation.usage().promptTokens())
                .put("completion_tokens", generation.usage().completionTokens())
                .put("total_tokens", generation.usage().totalTokens());
        return result;
    }

    private static void addTo(ArrayNode places, TokenLogProb place) {
        ObjectNode entry = places.addObject().put("token", place.token()).put("logprob", place.logProb());
        ArrayNode top = entry.putArray("top");
        for (TokenLogProb.Alternative alternative : place.top()) {
            top.addArray().add(alternative.token()).add(alternative.logProb());
        }
    }
}
