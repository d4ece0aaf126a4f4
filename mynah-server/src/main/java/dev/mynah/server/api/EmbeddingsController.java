package dev.mynah.server.api;

import dev.mynah.engine.Embedder;
import dev.mynah.server.account.Caller;
import dev.mynah.server.answer.Answers;
import dev.mynah.server.answer.Inference;
import dev.mynah.server.answer.RunningAnswer;
import dev.mynah.server.answer.Terms;
import dev.mynah.server.provider.Prompt;
import dev.mynah.server.store.Ids;
import dev.mynah.server.web.ApiException;
import dev.mynah.server.web.ClientConnection;
import dev.mynah.server.web.Idempotency;
import dev.mynah.server.web.JsonObject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code POST /v1/embeddings}. */
@RestController
final class EmbeddingsController {
    static final String ENDPOINT = "/v1/embeddings";
    private static final int MAX_INPUTS = 2048;
    private static final int MAX_DIMENSIONS = 1 << 16;

    private final Inference inference;
    private final Answers answers;
    private final AnswerService service;
    private final Idempotency idempotency;

    EmbeddingsController(Inference inference, Answers answers, AnswerService service, Idempotency idempotency) {
        this.inference = inference;
        this.answers = answers;
        this.service = service;
        this.idempotency = idempotency;
    }

    /** @param embedding numbers, or their bytes as Base64: 32 bits each, the lowest byte first */
    record Embedding(String object, int index, Object embedding) {}

    record Usage(int promptTokens, int totalTokens) {}

    record Body(String object, List<Embedding> data, String model, Usage usage) {}

    /**
     * A request.
     *
     * @param dimensions the numbers of each vector, or empty for all that the model gives
     */
    record Wanted(String model, List<Prompt> inputs, boolean base64, OptionalInt dimensions) {
        static Wanted read(JsonObject body) {
            String model = body.requiredString("model");
            List<Prompt> inputs = PromptParameters.read(body, "input", MAX_INPUTS);
            if (inputs.contains(new Prompt.Text(""))) {
                throw body.invalid("input", "a text must not be empty");
            }
            String format = body.string("encoding_format").orElse("float");
            if (!format.equals("float") && !format.equals("base64")) {
                throw body.invalid("encoding_format", "\"" + format + "\" is neither float nor base64");
            }
            OptionalInt dimensions = body.integer("dimensions", 1, MAX_DIMENSIONS);
            body.string("user");
            body.finish();
            return new Wanted(model, inputs, format.equals("base64"), dimensions);
        }

        Object write(float[] vector) {
            float[] shown = cut(vector);
            if (!base64) {
                return shown;
            }
            ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * shown.length).order(ByteOrder.LITTLE_ENDIAN);
            bytes.asFloatBuffer().put(shown);
            return Base64.getEncoder().encodeToString(bytes.array());
        }

        private float[] cut(float[] vector) {
            return dimensions.orElse(vector.length) == vector.length
                    ? vector
                    : Embedder.normalized(Arrays.copyOf(vector, dimensions.getAsInt()));
        }
    }

    @PostMapping(ENDPOINT)
    @Nullable
    Object create(Caller caller, JsonObject body, HttpServletRequest request, HttpServletResponse response) {
        return idempotency.once(request, caller, body, () -> answer(caller, body, request, response));
    }

    private Body answer(Caller caller, JsonObject body, HttpServletRequest request, HttpServletResponse response) {
        Pending pending = prepare(caller, body, Terms.USUAL);
        ClientConnection client = ClientConnection.of(request);
        try (RunningAnswer answer = answers.start(pending.order().order())) {
            service.writeLimits(answer, response);
            CollectedChoice.collect(answer, client, pending.count());
            return pending.body(answer);
        }
    }

    /** A request that was checked, and can be answered. */
    record Pending(Wanted wanted, Inference.EmbeddingOrder order) {
        int count() {
            return wanted.inputs().size();
        }

        /** The response, once the answer is complete. */
        Body body(RunningAnswer answer) {
            List<float[]> vectors = order.embeddings().vectors();
            int tokens = answer.counts().prompt();
            return new Body(
                    "list",
                    IntStream.range(0, count())
                            .mapToObj(i -> new Embedding("embedding", i, wanted.write(vectors.get(i))))
                            .toList(),
                    wanted.model(),
                    new Usage(tokens, tokens));
        }
    }

    Pending prepare(Caller caller, JsonObject body, Terms terms) {
        Wanted wanted = Wanted.read(body);
        Inference.EmbeddingOrder order =
                inference.embeddings(Ids.next("emb_"), caller, ENDPOINT, wanted.model(), wanted.inputs(), terms);
        int width = order.embeddings().width();
        if (wanted.dimensions().orElse(width) > width) {
            throw ApiException.badRequest(
                    "Invalid 'dimensions': the model gives " + width + ", not "
                            + wanted.dimensions().getAsInt() + ".",
                    "dimensions",
                    "invalid_value");
        }
        return new Pending(wanted, order);
    }
}
