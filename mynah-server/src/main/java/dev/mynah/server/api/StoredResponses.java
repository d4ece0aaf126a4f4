package dev.mynah.server.api;

import dev.mynah.server.store.Times;
import dev.mynah.server.web.ApiException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Responses that are kept for 30 days, each for the user who asked. */
@Component
final class StoredResponses {
    private static final Duration KEPT = Duration.ofDays(30);
    private static final int LONGEST_CHAIN = 400;
    private static final int MAX_CHAIN_CHARACTERS = 16 << 20;

    private final JdbcClient jdbc;
    private final JsonMapper mapper;
    private final Clock clock;

    StoredResponses(JdbcClient jdbc, JsonMapper mapper, Clock clock) {
        this.jdbc = jdbc;
        this.mapper = mapper;
        this.clock = clock;
    }

    /**
     * A stored response.
     *
     * @param input the items that were new in its request
     * @param body  the response as it was sent
     */
    record Stored(@Nullable String previousId, JsonNode input, JsonNode body) {}

    /** What was asked and answered. */
    record Turn(JsonNode input, JsonNode output) {}

    void insert(String id, String userId, @Nullable String previousId, JsonNode input, JsonNode body) {
        Instant now = clock.instant();
        jdbc.sql(
                        "insert into response (id, user_id, previous_id, input, body, created_at, expires_at) values (?, ?, ?, ?, ?, ?, ?)")
                .params(id, userId)
                .param(previousId)
                .params(input.toString(), body.toString(), Times.sql(now), Times.sql(now.plus(KEPT)))
                .update();
    }

    Optional<Stored> find(String id, String userId) {
        return jdbc.sql("select previous_id, input, body from response where id = ? and user_id = ? and expires_at > ?")
                .params(id, userId, Times.sql(clock.instant()))
                .query((row, n) -> new Stored(
                        row.getString("previous_id"),
                        mapper.readTree(row.getString("input")),
                        mapper.readTree(row.getString("body"))))
                .optional();
    }

    /**
     * A response and all that it goes on from, the oldest first; of a very long conversation, its end.
     *
     * @return nothing where one of them is not there
     * @throws ApiException if they have more text than any model reads
     */
    Optional<Deque<Turn>> chain(String id, String userId) {
        Deque<Turn> chain = new ArrayDeque<>();
        long characters = 0;
        for (@Nullable String next = id; next != null && chain.size() < LONGEST_CHAIN; ) {
            Optional<Stored> found = find(next, userId);
            if (found.isEmpty()) {
                return Optional.empty();
            }
            Turn turn = new Turn(found.get().input(), found.get().body().get("output"));
            characters +=
                    turn.input().toString().length() + turn.output().toString().length();
            if (characters > MAX_CHAIN_CHARACTERS) {
                throw ApiException.badRequest(
                        "The conversation that 'previous_response_id' goes on has more than " + MAX_CHAIN_CHARACTERS
                                + " characters. Begin a new one.",
                        "previous_response_id",
                        "context_length_exceeded");
            }
            chain.addFirst(turn);
            next = found.get().previousId();
        }
        return Optional.of(chain);
    }

    boolean delete(String id, String userId) {
        return jdbc.sql("delete from response where id = ? and user_id = ?")
                        .params(id, userId)
                        .update()
                == 1;
    }
}
