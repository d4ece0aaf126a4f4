package dev.mynah.text;

import java.util.ArrayList;
import java.util.List;

/** The tables of a byte-pair encoding, made for reading: nothing changes after construction. */
final class BpeModel implements Pairs {

    private final MergeTable merges;
    private final TokenTable tokens;
    private final boolean ignoreMerges;
    private final int[] idOfByte = new int[256];

    /** Ranks of the pairs of single bytes, with which every piece begins. */
    private final int[] rankOfBytes = new int[256 * 256];

    BpeModel(BpeSpec spec) {
        List<byte[]> bytes = new ArrayList<>(spec.vocabulary().size());
        for (String token : spec.vocabulary()) {
            byte[] decoded = ByteAlphabet.decode(token);
            bytes.add(decoded == null ? new byte[0] : decoded);
        }
        tokens = new TokenTable(bytes);
        merges = new MergeTable(spec.merges(), spec.vocabulary().size());
        ignoreMerges = spec.ignoreMerges();
        for (int b = 0; b < 256; b++) {
            idOfByte[b] = tokens.id(new byte[] {(byte) b}, 0, 1);
        }
        for (int pair = 0; pair < rankOfBytes.length; pair++) {
            rankOfBytes[pair] = merges.rank(idOfByte[pair >> 8], idOfByte[pair & 0xFF]);
        }
    }

    boolean ignoreMerges() {
        return ignoreMerges;
    }

    /** The id of the token with the bytes {@code text[from, to)}, or -1. */
    int idOf(byte[] text, int from, int to) {
        return tokens.id(text, from, to);
    }

    int idOfByte(byte b) {
        return idOfByte[b & 0xFF];
    }

    int rankOfBytes(byte left, byte right) {
        return rankOfBytes[(left & 0xFF) << 8 | (right & 0xFF)];
    }

    /** The rank of merging two tokens, or {@link MergeTable#NONE}. */
    int rank(int left, int right) {
        return merges.rank(left, right);
    }

    @Override
    public long merge(int left, int right, int from, int to) {
        int rank = merges.rank(left, right);
        return rank == MergeTable.NONE ? NONE : Pairs.of(rank, merges.result(rank));
    }

    /** The token that the merge of this rank forms. */
    int result(int rank) {
        return merges.result(rank);
    }
}
