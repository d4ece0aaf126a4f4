package dev.mynah.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class FillInTheMiddleTest {

    /** Bytes, and special tokens behind them. */
    private record Bytes(List<String> specials, boolean begins) implements Tokenizer {
        @Override
        public int vocabSize() {
            return 256 + specials.size();
        }

        @Override
        public int[] encode(String text) {
            byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
            int[] ids = new int[bytes.length];
            for (int i = 0; i < ids.length; i++) {
                ids[i] = bytes[i];
            }
            return ids;
        }

        @Override
        public int[] encode(MarkedText text) {
            throw new UnsupportedOperationException();
        }

        @Override
        public int[] encodeWithSpecials(String text) {
            throw new UnsupportedOperationException();
        }

        @Override
        public int[] encodeForModel(String text) {
            return begins ? new int[] {bosId()} : encode(text);
        }

        @Override
        public byte[] bytes(int id) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean isSpecial(int id) {
            return id >= 256;
        }

        @Override
        public String decode(int[] ids) {
            throw new UnsupportedOperationException();
        }

        @Override
        public int idOf(String token) {
            int place = specials.indexOf(token);
            return place < 0 ? -1 : 256 + place;
        }

        @Override
        public int eosId() {
            return -1;
        }

        @Override
        public int bosId() {
            return idOf("<s>");
        }
    }

    @Test
    void theEndComesBeforeTheMiddle() {
        Tokenizer qwen = new Bytes(List.of("<|fim_prefix|>", "<|fim_middle|>", "<|fim_suffix|>"), false);
        assertThat(FillInTheMiddle.prompt(qwen, "a<", "z")).containsExactly(256, 'a', '<', 258, 'z', 257);

        Tokenizer deepSeek = new Bytes(List.of("<s>", "<｜fim▁begin｜>", "<｜fim▁hole｜>", "<｜fim▁end｜>"), true);
        assertThat(FillInTheMiddle.prompt(deepSeek, "a", "z")).containsExactly(256, 257, 'a', 258, 'z', 259);
    }

    @Test
    void aModelWithoutTheTokensIsRefused() {
        assertThatThrownBy(() -> FillInTheMiddle.prompt(new Bytes(List.of("<fim_prefix>"), false), "a", "z"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("cannot fill in the middle");
    }
}
