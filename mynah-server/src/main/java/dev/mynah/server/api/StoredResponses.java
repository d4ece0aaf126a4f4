package dev.mynah.server.api;

import dev.mynah.server.account.UserRepository;
import dev.mynah.server.store.Times;
import dev.mynah.server.store.Transactions;
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
    private static final String OUTPUT = "output";
    private static final int LONGEST_CHAIN = 400;
    private static final int MAX_CHAIN_CHARACTERS = 16 << 20;

    private final JdbcClient jdbc;
    private final UserRepository users;
    private final JsonMapper mapper;
    private final Transactions transactions;
    private final Clock clock;

    StoredResponses(JdbcClient jdbc, UserRepository users, JsonMapper mapper, Transactions transactions, Clock clock) {
        this.jdbc = jdbc;
        this.users = users;
        this.mapper = mapper;
        this.transactions = transactions;
        this.clock = clock;
    }

    /**
     * A stored response.
     *
     * @param input      the items that were new in its request
     * @param body       the response as it was sent
     * @param characters of the input and of the body's output
     */
    record Stored(@Nullable String previousId, JsonNode input, JsonNode body, long characters) {}

    /** What was asked and answered. */
    record Turn(JsonNode input, JsonNode output) {}

    /** Keeps a response, unless its user has left meanwhile. */
    void insert(String id, String userId, @Nullable String previousId, JsonNode input, JsonNode body) {
        Instant now = clock.instant();
        String asked = input.toString();
        long characters = (long) asked.length() + body.get(OUTPUT).toString().length();
        transactions.run(() -> {
            if (users.lock(userId)) {
                jdbc.sql(
                                "insert into response (id, user_id, previous_id, input, body, characters, created_at, expires_at) values (?, ?, ?, ?, ?, ?, ?, ?)")
                        .params(id, userId)
                        .param(previousId)
                        .params(asked, body.toString(), characters, Times.sql(now), Times.sql(now.plus(KEPT)))
                        .update();
            }
        });
    }

    Optional<Stored> find(String id, String userId) {
        return jdbc.sql("select * from response where id = ? and user_id = ? and expires_at > ?")
                .params(id, userId, Times.sql(clock.instant()))
                .query((row, n) -> new Stored(
                        row.getString("previous_id"),
                        mapper.readTree(row.getString("input")),
                        mapper.readTree(row.getString("body")),
                        row.getLong("characters")))
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
            characters += found.get().characters();
            if (characters > MAX_CHAIN_CHARACTERS) {
                throw ApiException.badRequest(
                        "The conversation that 'previous_response_id' goes on has more than " + MAX_CHAIN_CHARACTERS
                                + " characters. Begin a new one.",
                        "previous_response_id",
                        "context_length_exceeded");
            }
            chain.addFirst(new Turn(found.get().input(), found.get().body().get(OUTPUT)));
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
