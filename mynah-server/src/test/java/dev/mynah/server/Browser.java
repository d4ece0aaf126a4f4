package dev.mynah.server;

import dev.mynah.server.TestServer.Reply;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.CookieManager;
import java.net.HttpCookie;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Optional;

/** A browser: keeps cookies, and sends the token against forged requests as the web app does. */
public final class Browser {
    private final CookieManager cookies = new CookieManager();
    private final HttpClient http =
            HttpClient.newBuilder().cookieHandler(cookies).build();
    private final TestServer server;

    public Browser(TestServer server) {
        this.server = server;
        get("/api/account");
    }

    /** A browser in which somebody with this address has signed up. */
    public static Browser signedUp(TestServer server, String email) {
        Browser browser = new Browser(server);
        Reply reply = browser.post("/api/account/sign-up", "{'email': '" + email + "', 'password': 'correct horse'}");
        if (reply.status() != 201) {
            throw new IllegalStateException(reply.body());
        }
        return browser;
    }

    public Reply get(String path) {
        return send("GET", path, "");
    }

    public Reply post(String path, String json) {
        return send("POST", path, json);
    }

    /** Sends a request; JSON may have apostrophes for quotes. */
    public Reply send(String method, String path, String json, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(server.url() + path))
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(json.replace('\'', '"')));
        cookie("XSRF-TOKEN").ifPresent(cookie -> request.header("X-XSRF-TOKEN", cookie.getValue()));
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            HttpResponse<String> response = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
            return new Reply(response.statusCode(), response.headers().map(), response.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    public Optional<HttpCookie> cookie(String name) {
        return cookies.getCookieStore().getCookies().stream()
                .filter(cookie -> cookie.getName().equals(name))
                .findFirst();
    }

    /** Forgets the token against forged requests. */
    public void forget(String name) {
        cookie(name).ifPresent(cookie -> cookies.getCookieStore().remove(null, cookie));
    }
}
