package dev.mynah.engine.constrain;

import dev.mynah.text.MarkedText;
import dev.mynah.text.Tokenizer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Every byte is a token, and after these come some texts; id 256 ends a text. */
record JoinedTokenizer(List<String> texts) implements Tokenizer {
    static final int END = 256;

    @Override
    public int vocabSize() {
        return END + 1 + texts.size();
    }

    @Override
    public int[] encode(MarkedText text) {
        throw new UnsupportedOperationException();
    }

    @Override
    public int[] encodeForModel(String text) {
        throw new UnsupportedOperationException();
    }

    @Override
    public byte[] bytes(int id) {
        return id < END
                ? new byte[] {(byte) id}
                : id == END ? new byte[0] : texts.get(id - END - 1).getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public boolean isSpecial(int id) {
        return id == END;
    }

    @Override
    public String decode(int[] ids) {
        return new String(decodeBytes(ids), StandardCharsets.UTF_8);
    }

    @Override
    public int idOf(String token) {
        return texts.contains(token) ? END + 1 + texts.indexOf(token) : -1;
    }

    @Override
    public int eosId() {
        return END;
    }

    @Override
    public int bosId() {
        return END;
    }
}
