package dev.mynah.engine;

import dev.mynah.text.MarkedText;
import dev.mynah.text.Tokenizer;
import java.nio.charset.StandardCharsets;

/** Letters for the ids of {@link ToyRunner}. */
final class LetterTokenizer implements Tokenizer {
    @Override
    public int vocabSize() {
        return ToyRunner.VOCAB;
    }

    @Override
    public int[] encode(String text) {
        return text.chars().map(letter -> letter - 'a').toArray();
    }

    @Override
    public int[] encode(MarkedText text) {
        return encode(text.text());
    }

    @Override
    public int[] encodeWithSpecials(String text) {
        return encode(text);
    }

    @Override
    public int[] encodeForModel(String text) {
        return encode(text);
    }

    @Override
    public byte[] bytes(int id) {
        return new byte[] {(byte) ('a' + id)};
    }

    @Override
    public boolean isSpecial(int id) {
        return id == ToyRunner.END;
    }

    @Override
    public String decode(int[] ids) {
        StringBuilder text = new StringBuilder();
        for (int id : ids) {
            text.append(isSpecial(id) ? "" : new String(bytes(id), StandardCharsets.US_ASCII));
        }
        return text.toString();
    }

    @Override
    public int idOf(String token) {
        return token.charAt(0) - 'a';
    }

    @Override
    public int eosId() {
        return ToyRunner.END;
    }

    @Override
    public int bosId() {
        return -1;
    }
}
