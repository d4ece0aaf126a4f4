package dev.mynah.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class StreamDecoderTest {

    @Test
    void givesOutWholeCharacters() throws IOException {
        BpeTokenizer tokenizer = Fixtures.tokenizer("gpt2");
        String text = "鸚鵡 👩‍👩‍👧 naïve \u0000 ∮";
        StreamDecoder decoder = new StreamDecoder(tokenizer, true);
        StringBuilder out = new StringBuilder();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            String piece = decoder.feed(tokenizer.encodeBytes(new byte[] {b})[0]);
            assertThat(piece.codePointCount(0, piece.length())).isLessThanOrEqualTo(1);
            out.append(piece);
        }
        assertThat(out.toString()).isEqualTo(text);
        assertThat(decoder.flush()).isEmpty();
    }

    @Test
    void anyIdsGiveTheTextOfDecoding() throws IOException {
        BpeTokenizer tokenizer = Fixtures.tokenizer("qwen3");
        Random random = new Random(6);
        for (int i = 0; i < 5_000; i++) {
            int[] ids =
                    random.ints(random.nextInt(30), 0, tokenizer.vocabSize()).toArray();
            StreamDecoder decoder = new StreamDecoder(tokenizer, true);
            StringBuilder out = new StringBuilder();
            for (int id : ids) {
                out.append(decoder.feed(id));
            }
            assertThat(out.append(decoder.flush()).toString()).isEqualTo(tokenizer.decode(ids));
        }
    }

    @Test
    void aBrokenTailIsOneReplacementCharacter() throws IOException {
        BpeTokenizer tokenizer = Fixtures.tokenizer("gpt2");
        StreamDecoder decoder = new StreamDecoder(tokenizer, true);
        byte[] half = {(byte) 0xE4, (byte) 0xB8};
        for (byte b : half) {
            assertThat(decoder.feed(tokenizer.encodeBytes(new byte[] {b})[0])).isEmpty();
        }
        assertThat(decoder.flush()).isEqualTo("\uFFFD");
        assertThat(decoder.feed(tokenizer.idOf("a"))).isEqualTo("a");
    }

    @Test
    void specialTokensAreTextOnlyWhereAsked() throws IOException {
        BpeTokenizer tokenizer = Fixtures.tokenizer("qwen3");
        int end = tokenizer.idOf("<|im_end|>");
        assertThat(new StreamDecoder(tokenizer, true).feed(end)).isEmpty();
        assertThat(new StreamDecoder(tokenizer, false).feed(end)).isEqualTo("<|im_end|>");
    }
}
