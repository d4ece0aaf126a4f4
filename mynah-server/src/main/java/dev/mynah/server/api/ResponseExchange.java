package dev.mynah.server.api;

import dev.mynah.server.account.Caller;
import dev.mynah.server.answer.Inference;
import dev.mynah.server.billing.TokenCounts;
import dev.mynah.server.provider.GenerationEvent;
import dev.mynah.server.provider.Prompt;
import dev.mynah.server.store.Ids;
import dev.mynah.server.web.ContentLabel;
import dev.mynah.server.web.ErrorBody;
import dev.mynah.server.web.EventStream;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** A response, which is stored if that is wished. */
final class ResponseExchange implements Exchange {
    private final ResponseRequest request;
    private final StoredResponses stored;
    private final String userId;

    ResponseExchange(ResponseRequest request, StoredResponses stored, String userId) {
        this.request = request;
        this.stored = stored;
        this.userId = userId;
    }

    @Override
    public Inference.Question question(Caller caller) {
        return new Inference.Question(
                Ids.next("resp_"),
                caller,
                ResponsesController.ENDPOINT,
                null,
                request.model(),
                List.of(new Prompt.Chat(request.messages(), request.tools().offered())),
                request.sampling(),
                request.tools().form(request.schema()),
                1);
    }

    @Override
    public boolean streams() {
        return request.stream();
    }

    @Override
    public ObjectNode whole(String id, long created, List<CollectedChoice> choices, TokenCounts counts) {
        ResponseOutput output = new ResponseOutput((name, event) -> {});
        choices.getFirst().replay(output::show);
        return finish(id, created, output, counts);
    }

    private ObjectNode finish(String id, long created, ResponseOutput output, TokenCounts counts) {
        ObjectNode body =
                body(id, created, output.incompleteReason() == null ? "completed" : "incomplete", output, counts);
        if (request.store()) {
            stored.insert(id, userId, request.previousId(), request.input(), body);
        }
        return body;
    }

    private ObjectNode body(
            String id, long created, String status, ResponseOutput output, @Nullable TokenCounts counts) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("id", id).put("object", "response").put("created_at", created).put("status", status);
        body.put("background", false).put("model", request.model()).put(ContentLabel.KEY, true);
        body.putNull("error");
        @Nullable String incomplete = output.incompleteReason();
        if (incomplete == null) {
            body.putNull("incomplete_details");
        } else {
            body.putObject("incomplete_details").put("reason", incomplete);
        }
        body.set("output", output.items().deepCopy());
        body.setAll(request.settings());
        if (counts == null) {
            body.putNull("usage");
        } else {
            usage(body.putObject("usage"), counts);
        }
        return body;
    }

    private static void usage(ObjectNode usage, TokenCounts counts) {
        usage.put("input_tokens", counts.prompt());
        usage.putObject("input_tokens_details")
                .put("cached_tokens", counts.cached())
                .put("cache_write_tokens", 0);
        usage.put("output_tokens", counts.completion());
        usage.putObject("output_tokens_details").put("reasoning_tokens", 0);
        usage.put("total_tokens", counts.total());
    }

    @Override
    public Writer writer(String id, long created, EventStream events) {
        return new Stream(id, created, events);
    }

    /** The events of a response, numbered; there is no [DONE]. */
    private final class Stream implements Writer {
        private final String id;
        private final long created;
        private final EventStream events;
        private final ResponseOutput output = new ResponseOutput(this::send);
        private int sent;

        Stream(String id, long created, EventStream events) {
            this.id = id;
            this.created = created;
            this.events = events;
        }

        @Override
        public void begin() {
            state("response.created", body(id, created, "in_progress", output, null));
            state("response.in_progress", body(id, created, "in_progress", output, null));
        }

        @Override
        public void show(GenerationEvent event) {
            output.show(event);
        }

        @Override
        public void fail(ErrorBody error) {
            ObjectNode body = body(id, created, "failed", output, null);
            // The API knows no other code for it.
            body.putObject("error")
                    .put("code", "server_error")
                    .put("message", error.error().message());
            state("response.failed", body);
        }

        @Override
        public void end(TokenCounts counts) {
            ObjectNode body = finish(id, created, output, counts);
            state("response." + body.get("status").stringValue(), body);
        }

        private void state(String name, ObjectNode body) {
            ObjectNode event = JsonNodeFactory.instance.objectNode();
            event.set("response", body);
            send(name, event);
        }

        private void send(String name, ObjectNode event) {
            ObjectNode whole = JsonNodeFactory.instance.objectNode();
            whole.put("type", name).put("sequence_number", sent++).setAll(event);
            events.data(name, whole);
        }
    }
}
