package dev.mynah.server.moderation;

import dev.mynah.server.ops.RepeatedTask;
import dev.mynah.server.store.Ids;
import dev.mynah.server.store.Times;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/**
 * Posts alarms to the operators' address. They wait in the database until they are taken, with pauses that double, so none is lost with the process; a receiver may see one twice and knows it by
 * its id. The header {@code X-Mynah-Signature: t=SECONDS,v1=HEX} holds the HMAC-SHA-256 of {@code SECONDS.BODY}.
 */
@Component
final class Alarms extends RepeatedTask {
    private static final Logger LOG = LoggerFactory.getLogger(Alarms.class);
    private static final String ALGORITHM = "HmacSHA256";
    private static final Duration PAUSE = Duration.ofMillis(500);
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final int MAX_ATTEMPTS = 12;

    private final JdbcClient jdbc;
    private final JsonMapper mapper;
    private final ModerationSettings settings;
    private final Clock clock;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(TIMEOUT).build();

    Alarms(JdbcClient jdbc, JsonMapper mapper, ModerationSettings settings, Clock clock) {
        super("alarms", PAUSE);
        this.jdbc = jdbc;
        this.mapper = mapper;
        this.settings = settings;
        this.clock = clock;
    }

    private record Alarm(String id, String body, int attempts) {}

    /** Raises an alarm, within the transaction of its cause; without an address it is only logged. */
    void raise(String type, Map<String, ?> data) {
        LOG.warn("moderation alarm: {} {}", type, data);
        if (settings.alarmUrl() == null) {
            return;
        }
        String id = Ids.next("alarm_");
        Instant now = clock.instant();
        String body = mapper.writeValueAsString(
                Map.of("id", id, "type", type, "created", now.getEpochSecond(), "data", data));
        jdbc.sql("insert into alarm (id, body, attempts, next_at) values (?, ?, 0, ?)")
                .params(id, body, Times.sql(now))
                .update();
    }

    @Override
    protected void once() {
        @Nullable URI url = settings.alarmUrl();
        if (url == null) {
            return;
        }
        for (Alarm alarm : due()) {
            if (claim(alarm)) {
                post(url, alarm);
            }
        }
    }

    private List<Alarm> due() {
        return jdbc.sql("select id, body, attempts from alarm"
                        + " where delivered_at is null and next_at <= ? and attempts < ? order by id limit 20")
                .params(Times.sql(clock.instant()), MAX_ATTEMPTS)
                .query((row, n) -> new Alarm(row.getString("id"), row.getString("body"), row.getInt("attempts")))
                .list();
    }

    /** Takes an alarm for this attempt; false where another replica did. */
    private boolean claim(Alarm alarm) {
        Instant next = clock.instant().plusSeconds(1L << alarm.attempts);
        return jdbc.sql("update alarm set attempts = attempts + 1, next_at = ? where id = ? and attempts = ?")
                        .params(Times.sql(next), alarm.id, alarm.attempts)
                        .update()
                == 1;
    }

    private void post(URI url, Alarm alarm) {
        long time = clock.instant().getEpochSecond();
        HttpRequest request = HttpRequest.newBuilder(url)
                .timeout(TIMEOUT)
                .header("Content-Type", "application/json")
                .header("X-Mynah-Signature", "t=" + time + ",v1=" + signature(time + "." + alarm.body))
                .POST(HttpRequest.BodyPublishers.ofString(alarm.body))
                .build();
        try {
            int status =
                    http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
            if (status / 100 == 2) {
                jdbc.sql("update alarm set delivered_at = ? where id = ?")
                        .params(Times.sql(clock.instant()), alarm.id)
                        .update();
            } else {
                LOG.warn("alarm {} was answered with {}", alarm.id, status);
            }
        } catch (IOException e) {
            LOG.warn("alarm {} could not be posted: {}", alarm.id, e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while an alarm was posted", e);
        }
    }

    private String signature(String text) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(settings.alarmSecret().getBytes(StandardCharsets.UTF_8), ALGORITHM));
            return HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + ALGORITHM, e);
        }
    }
}
