package dev.mynah.server.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.mynah.server.Browser;
import dev.mynah.server.TestDatabase;
import dev.mynah.server.TestServer;
import dev.mynah.server.store.Ids;
import org.junit.jupiter.api.Test;
import org.springframework.http.ResponseEntity;

class ErrorsTest {
    private final TestServer server = TestServer.on(TestDatabase.H2);

    private ResponseEntity<ErrorBody> answer(RuntimeException exception) {
        return server.bean(Errors.class).of(exception, "/v1/chat/completions");
    }

    @Test
    void badInputIsToldInTheWordsOfThisProgramOnly() {
        ResponseEntity<ErrorBody> own = answer(new IllegalArgumentException("a conversation has no embedding"));
        assertThat(own.getStatusCode().value()).isEqualTo(400);
        assertThat(own.getBody()).asString().contains("a conversation has no embedding");

        ResponseEntity<ErrorBody> library = answer(
                catchThrowableOfType(IllegalArgumentException.class, () -> Enum.valueOf(Thread.State.class, "INSIDE")));
        assertThat(library.getStatusCode().value()).isEqualTo(500);
        assertThat(library.getBody()).isEqualTo(ErrorBody.internal());
    }

    @Test
    void aParameterOfAnotherTypeIsToldWhatItTakes() {
        Browser browser = Browser.signedUp(server, Ids.next("types") + "@example.com");
        assertThat(browser.get("/api/conversations?archived=perhaps").body())
                .contains("Invalid 'archived': it must be true or false.");
        assertThat(browser.get("/api/conversations?limit=many").body())
                .contains("Invalid 'limit': it must be a whole number that is not too large.");
    }
}
