package dev.mynah.server;

import java.io.ByteArrayOutputStream;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;

/** A form with a file, as browsers and the official clients send it (RFC 7578). */
public final class Multipart {
    private static final String BOUNDARY = "a-boundary-of-the-tests";

    private final ByteArrayOutputStream body = new ByteArrayOutputStream();

    public Multipart field(String name, String value) {
        return part("form-data; name=\"" + name + "\"", value.getBytes(StandardCharsets.UTF_8));
    }

    public Multipart file(String name, String filename, byte[] content) {
        return part("form-data; name=\"" + name + "\"; filename=\"" + filename + "\"", content);
    }

    private Multipart part(String disposition, byte[] content) {
        body.writeBytes(("--" + BOUNDARY + "\r\nContent-Disposition: " + disposition + "\r\n\r\n")
                .getBytes(StandardCharsets.UTF_8));
        body.writeBytes(content);
        body.writeBytes("\r\n".getBytes(StandardCharsets.US_ASCII));
        return this;
    }

    /** A request that posts the form. */
    public HttpRequest.Builder request() {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        whole.writeBytes(body.toByteArray());
        whole.writeBytes(("--" + BOUNDARY + "--\r\n").getBytes(StandardCharsets.US_ASCII));
        return HttpRequest.newBuilder()
                .header("Content-Type", "multipart/form-data; boundary=" + BOUNDARY)
                .POST(HttpRequest.BodyPublishers.ofByteArray(whole.toByteArray()));
    }

    /** Uploads a text to {@code /v1/files}, and tells its id. */
    public static String upload(TestServer server, String key, String purpose, String content) {
        TestServer.Reply reply = server.send(
                new Multipart()
                        .field("purpose", purpose)
                        .file("file", "data.jsonl", content.getBytes(StandardCharsets.UTF_8))
                        .request(),
                "/v1/files",
                key);
        if (reply.status() != 200) {
            throw new IllegalStateException(reply.body());
        }
        return reply.json().get("id").stringValue();
    }
}
