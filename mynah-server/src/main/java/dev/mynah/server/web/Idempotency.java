package dev.mynah.server.web;

import dev.mynah.server.account.Caller;
import dev.mynah.server.store.ServerSecret;
import dev.mynah.server.store.Times;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/**
 * Requests with an {@code Idempotency-Key}: one that comes again, because its client did not hear the answer, is answered from memory and charged once. A request that failed is
 * forgotten, and may be tried again.
 */
@Component
public final class Idempotency {
    private static final String HEADER = "Idempotency-Key";
    private static final int MAX_LENGTH = 255;
    /** How long an answer is repeated. */
    public static final Duration REMEMBERED = Duration.ofHours(24);
    // A first request that is silent for so long was killed.
    private static final Duration LONGEST_REQUEST = Duration.ofMinutes(30);

    private final JdbcClient jdbc;
    private final JsonMapper mapper;
    private final ServerSecret secret;
    private final Clock clock;

    public Idempotency(JdbcClient jdbc, JsonMapper mapper, ServerSecret secret, Clock clock) {
        this.jdbc = jdbc;
        this.mapper = mapper;
        this.secret = secret;
        this.clock = clock;
    }

    private record Known(
            String hash, boolean done, @Nullable String response) {}

    /**
     * Answers a request, or repeats the answer that it had.
     *
     * @param answer makes the body of the response, or null where it was streamed; a stream cannot be repeated
     */
    public @Nullable Object once(
            HttpServletRequest request, Caller caller, JsonObject body, Supplier<@Nullable Object> answer) {
        @Nullable String key = request.getHeader(HEADER);
        if (key == null) {
            return answer.get();
        }
        if (key.isBlank() || key.length() > MAX_LENGTH) {
            throw ApiException.badRequest("The " + HEADER + " must have 1 to " + MAX_LENGTH + " characters.");
        }
        // One user of an organisation is not told what another was answered.
        String hash = secret.hash(caller.userId() + "\n" + request.getRequestURI() + "\n" + body);
        String organisation = caller.organisationId();
        if (!begin(caller, key, hash)) {
            return repeat(organisation, key, hash);
        }
        boolean done = false;
        try {
            @Nullable Object response = answer.get();
            finish(organisation, key, response == null ? null : mapper.writeValueAsString(response));
            done = true;
            return response;
        } finally {
            if (!done) {
                forget(organisation, key);
            }
        }
    }

    private boolean begin(Caller caller, String key, String hash) {
        Instant now = clock.instant();
        jdbc.sql(
                        "delete from idempotency_key where organisation_id = ? and request_key = ? and (created_at < ? or (status is null and created_at < ?))")
                .params(caller.organisationId(), key)
                .params(Times.sql(now.minus(REMEMBERED)), Times.sql(now.minus(LONGEST_REQUEST)))
                .update();
        return jdbc.sql(
                                "insert into idempotency_key (organisation_id, request_key, request_hash, user_id, created_at) values (?, ?, ?, ?, ?) on conflict do nothing")
                        .params(caller.organisationId(), key, hash, caller.userId(), Times.sql(now))
                        .update()
                == 1;
    }

    private ResponseEntity<String> repeat(String organisation, String key, String hash) {
        Optional<Known> found = jdbc.sql(
                        "select request_hash, status, response from idempotency_key where organisation_id = ? and request_key = ?")
                .params(organisation, key)
                .query((row, n) -> new Known(
                        row.getString("request_hash"), row.getObject("status") != null, row.getString("response")))
                .optional();
        if (found.isPresent() && !found.get().hash().equals(hash)) {
            throw ApiException.badRequest(
                    "This " + HEADER + " was used for another request.", null, "idempotency_key_reused");
        }
        if (found.isEmpty() || !found.get().done()) {
            throw conflict("The first request with this " + HEADER + " is still being answered; try again later.");
        }
        if (found.get().response() == null) {
            throw conflict("The request with this " + HEADER + " was answered by a stream, which cannot be repeated.");
        }
        return ResponseEntity.ok()
                .contentType(MediaType.APPLICATION_JSON)
                .header("Idempotent-Replayed", "true")
                .body(found.get().response());
    }

    private static ApiException conflict(String message) {
        return ApiException.of(HttpStatus.CONFLICT, message, null, "idempotency_conflict");
    }

    private void finish(String organisation, String key, @Nullable String response) {
        jdbc.sql("update idempotency_key set status = ?, response = ? where organisation_id = ? and request_key = ?")
                .param(HttpStatus.OK.value())
                .param(response)
                .params(organisation, key)
                .update();
    }

    private void forget(String organisation, String key) {
        jdbc.sql("delete from idempotency_key where organisation_id = ? and request_key = ?")
                .params(organisation, key)
                .update();
    }
}
