package dev.mynah.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class StopStringsTest {
    @Test
    void aStopStringAcrossPiecesIsHeldBackAndCut() {
        StopStrings stops = new StopStrings(List.of("\nUser:"));

        assertThat(stops.feed("hello\n")).isEqualTo("hello");
        assertThat(stops.feed("Us")).isEmpty();
        assertThat(stops.feed("er: and")).isEmpty();
        assertThat(stops.found()).isTrue();
        assertThat(stops.feed("more")).isEmpty();
        assertThat(stops.flush()).isEmpty();
    }

    @Test
    void whatOnlyBeganLikeAStopStringComesOut() {
        StopStrings stops = new StopStrings(List.of("\nUser:"));

        assertThat(stops.feed("a\nUs")).isEqualTo("a");
        assertThat(stops.feed("ual")).isEqualTo("\nUsual");
        assertThat(stops.feed("\n")).isEmpty();
        assertThat(stops.flush()).isEqualTo("\n");
        assertThat(stops.found()).isFalse();
    }

    @Test
    void aStopStringMayBeginWithinItsOwnBeginning() {
        StopStrings stops = new StopStrings(List.of("aab"));

        assertThat(stops.feed("aa")).isEmpty();
        assertThat(stops.feed("a")).isEqualTo("a");
        assertThat(stops.feed("b")).isEmpty();
        assertThat(stops.found()).isTrue();
    }

    @Test
    void theFirstOfSeveralCounts() {
        StopStrings stops = new StopStrings(List.of("later", "soon"));

        assertThat(stops.feed("very soon or later")).isEqualTo("very ");
        assertThat(stops.found()).isTrue();
    }

    @Test
    void withoutStopStringsEverythingPasses() {
        assertThat(new StopStrings(List.of()).feed("a🐦b")).isEqualTo("a🐦b");
    }
}
