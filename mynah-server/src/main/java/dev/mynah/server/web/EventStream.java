package dev.mynah.server.web;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Server-sent events, each on its way at once (WHATWG HTML, 9.2). For one thread. */
public final class EventStream {
    private final JsonMapper mapper;
    private final OutputStream out;

    /** Begins the response: from now on its status is 200. */
    public EventStream(HttpServletResponse response, JsonMapper mapper) {
        this.mapper = mapper;
        response.setContentType(MediaType.TEXT_EVENT_STREAM_VALUE + ";charset=utf-8");
        response.setHeader(HttpHeaders.CACHE_CONTROL, "no-cache");
        // Proxies such as nginx would collect events otherwise.
        response.setHeader("X-Accel-Buffering", "no");
        try {
            out = response.getOutputStream();
            response.flushBuffer();
        } catch (IOException e) {
            throw new ClientGoneException();
        }
    }

    /** A value as the JSON that it is sent as. */
    public JsonNode tree(Object value) {
        return mapper.valueToTree(value);
    }

    /** Sends a value as JSON. */
    public void data(Object value) {
        text(mapper.writeValueAsString(value));
    }

    /** Sends a value as JSON under an event's name. */
    public void data(String event, Object value) {
        send("event: " + event + "\ndata: " + mapper.writeValueAsString(value) + "\n\n");
    }

    /** As {@link #data(String, Object)}, with the cursor that a client resumes from. */
    public void data(String event, String cursor, Object value) {
        send("id: " + cursor + "\nevent: " + event + "\ndata: " + mapper.writeValueAsString(value) + "\n\n");
    }

    /** Sends a text of one line. */
    public void text(String line) {
        send("data: " + line + "\n\n");
    }

    /** Sends what readers pass over, so that the connection is not taken for dead. */
    public void keepAlive() {
        send(": keep-alive\n\n");
    }

    private void send(String event) {
        try {
            out.write(event.getBytes(StandardCharsets.UTF_8));
            out.flush();
        } catch (IOException e) {
            throw new ClientGoneException();
        }
    }
}
