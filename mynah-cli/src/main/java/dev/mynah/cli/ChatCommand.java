package dev.mynah.cli;

import dev.mynah.engine.Engines;
import dev.mynah.engine.Generation;
import dev.mynah.engine.SamplingOptions;
import dev.mynah.model.SamplingDefaults;
import dev.mynah.text.chat.ChatMessage;
import dev.mynah.text.chat.ChatMessage.Role;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** {@code mynah chat}: talk with a model. */
@Command(
        name = "chat",
        description = "Talk with a model: without -p or --batch, as long as you like.",
        footer = {
            "",
            "At a terminal, what is typed is kept for the arrow keys, in",
            "~/.local/state/mynah/history (XDG_STATE_HOME); a line that begins with a",
            "blank is not.",
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class ChatCommand implements Callable<Integer> {
    // Of models that do not say.
    private static final double TEMPERATURE = 0.8;
    private static final double TOP_P = 0.95;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ModelOption model;

    @Mixin
    private DraftOption draft;

    @ArgGroup
    private @Nullable Input input;

    static final class Input {
        @Option(
                names = {"-p", "--prompt"},
                paramLabel = "TEXT",
                description = "One question; @FILE reads a file, - standard input (UTF-8).")
        private @Nullable String prompt;

        @Option(
                names = "--batch",
                paramLabel = "FILE",
                description = "Answer each line's {\"id\", \"messages\"} with a line {\"id\", \"content\"}.")
        private @Nullable Path batch;
    }

    @Option(names = "--system", paramLabel = "TEXT", description = "What the model is told before the conversation.")
    private @Nullable String system;

    @Option(
            names = "--max-tokens",
            defaultValue = "512",
            paramLabel = "N",
            description = "The most tokens of an answer (default: ${DEFAULT-VALUE}).")
    private int maxTokens;

    @Option(
            names = "--temperature",
            paramLabel = "T",
            description = "0 always takes the most probable token (default: what the model asks for, else 0.8).")
    private @Nullable Double temperature;

    @Option(
            names = "--top-p",
            paramLabel = "P",
            description =
                    "Only the most probable tokens that together reach P (default: what the model asks for, else 0.95).")
    private @Nullable Double topP;

    @Option(names = "--seed", paramLabel = "S", description = "The same seed gives the same answers.")
    private @Nullable Long seed;

    @Option(names = "--json", description = "With -p: print one JSON object instead of the text.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        try (Engines.Served served = model.serve(draft)) {
            Conversation conversation = new Conversation(served);
            SamplingOptions options = options(conversation);
            if (input == null) {
                new ChatConsole(conversation, options, spec.commandLine().getOut()).run(system);
            } else if (input.batch != null) {
                batch(conversation, options, input.batch);
            } else {
                one(conversation, options, Texts.of(String.valueOf(input.prompt), System.in));
            }
        }
        return 0;
    }

    private SamplingOptions options(Conversation conversation) {
        SamplingDefaults model = conversation.sampling();
        return SamplingOptions.builder(model)
                .temperature(chosen(temperature, model.temperature(), TEMPERATURE))
                .topP(chosen(topP, model.topP(), TOP_P))
                .maxTokens(maxTokens)
                .seed(seed == null ? RandomGenerator.getDefault().nextLong() : seed)
                .stop(conversation.isPlain() ? List.of(Conversation.NEXT_QUESTION) : List.of())
                .build();
    }

    private static double chosen(@Nullable Double wanted, @Nullable Double ofModel, double otherwise) {
        return wanted != null ? wanted : ofModel != null ? ofModel : otherwise;
    }

    private void one(Conversation conversation, SamplingOptions options, String question) {
        List<ChatMessage> messages = new ArrayList<>();
        if (system != null) {
            messages.add(ChatMessage.of(Role.SYSTEM, system));
        }
        messages.add(ChatMessage.of(Role.USER, question));
        PrintWriter out = spec.commandLine().getOut();
        Generation answer = conversation.answer(messages, options, text -> {
            if (!json) {
                out.print(text);
                out.flush();
            }
        });
        out.println(json ? toJson(answer) : "");
    }

    private static ObjectNode toJson(Generation answer) {
        ObjectNode result = JsonMapper.shared().createObjectNode();
        result.put("content", answer.text())
                .put("finish_reason", answer.finishReason().id());
        result.putObject("usage")
                .put("prompt_tokens", answer.usage().promptTokens())
                .put("completion_tokens", answer.usage().completionTokens())
                .put("total_tokens", answer.usage().totalTokens());
        return result;
    }

    private void batch(Conversation conversation, SamplingOptions options, Path file) throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        int number = 0;
        for (String line : Texts.file(file).lines().toList()) {
            number++;
            if (line.isBlank()) {
                continue;
            }
            JsonNode request = request(line, file, number);
            Generation answer = conversation.answer(messages(request, file, number), options, text -> {});
            ObjectNode result = JsonMapper.shared().createObjectNode();
            result.set("id", request.path("id").isMissingNode() ? null : request.get("id"));
            out.println(result.put("content", answer.text()));
            out.flush();
        }
    }

    private static JsonNode request(String line, Path file, int number) {
        try {
            return JsonMapper.shared().readTree(line);
        } catch (JacksonException e) {
            throw new IllegalArgumentException(file + ", line " + number + ": this is not JSON");
        }
    }

    private List<ChatMessage> messages(JsonNode request, Path file, int number) {
        List<ChatMessage> messages = new ArrayList<>();
        if (system != null) {
            messages.add(ChatMessage.of(Role.SYSTEM, system));
        }
        for (JsonNode message : request.path("messages")) {
            if (!message.path("role").isString() || !message.path("content").isString()) {
                throw new IllegalArgumentException(
                        file + ", line " + number + ": a message has a \"role\" and a \"content\", which are strings");
            }
            messages.add(ChatMessage.of(
                    Role.of(message.get("role").stringValue()),
                    message.get("content").stringValue()));
        }
        if (!request.path("messages").isArray() || request.get("messages").isEmpty()) {
            throw new IllegalArgumentException(
                    file + ", line " + number + ": \"messages\" must be a list of at least one message");
        }
        return messages;
    }
}
