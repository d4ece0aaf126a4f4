package dev.mynah.text;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * SentencePiece's own {@code tokenizer.model}: a protocol buffer of the message {@code ModelProto} (<a
 * href="https://github.com/google/sentencepiece/blob/master/src/sentencepiece_model.proto">its definition</a>).
 */
final class SentencePieceFile {

    static final String NAME = "tokenizer.model";
    static final String EXTENSION = ".model";

    private static final long MAX_BYTES = 64L << 20;
    private static final int BPE = 2;

    private final String source;
    private final List<String> tokens = new ArrayList<>();
    private final List<Float> scores = new ArrayList<>();
    private final List<Integer> types = new ArrayList<>();
    private int modelType = 1;
    private int unknownId = 0;
    private int bosId = 1;
    private int eosId = 2;
    private boolean addPrefix = true;
    private boolean removesSpaces = true;

    private SentencePieceFile(String source) {
        this.source = source;
    }

    /** Reads a file, and beside it the names that Hugging Face libraries write. */
    static Tokenizer load(Path file) throws IOException {
        if (Files.size(file) > MAX_BYTES) {
            throw new TokenizerFormatException(file + " has " + Files.size(file)
                    + " bytes; a tokenizer.model may have at most " + MAX_BYTES + ".");
        }
        SentencePieceFile parsed = new SentencePieceFile(file.toString());
        parsed.readModel(ByteBuffer.wrap(Files.readAllBytes(file)));
        Path folder = file.toAbsolutePath().getParent();
        TokenizerConfig config = folder == null ? TokenizerConfig.NONE : TokenizerConfig.read(folder);
        boolean addBos = folder == null || TokenizerConfig.addsBos(folder);
        return Tokenizers.of(parsed.vocabulary(addBos, config.chatTemplate()));
    }

    private GgufVocabulary vocabulary(boolean addBos, @Nullable String chatTemplate) {
        if (modelType != BPE) {
            throw wrong("the model type " + modelType + " is not supported; supported is " + BPE + " (BPE)");
        }
        if (removesSpaces) {
            throw wrong("remove_extra_whitespaces is not supported");
        }
        return new GgufVocabulary(
                source,
                "llama",
                null,
                tokens,
                scores,
                types,
                List.of(),
                bosId,
                eosId,
                unknownId,
                addBos,
                false,
                addPrefix,
                chatTemplate);
    }

    /** Takes the fields of a message. */
    private interface Fields {
        void take(int number, ByteBuffer value);
    }

    private void readModel(ByteBuffer model) {
        each(model, (number, value) -> {
            switch (number) {
                case 1 -> readPiece(value);
                case 2 -> each(value, this::takeTrainer);
                case 3 -> each(value, this::takeNormalizer);
                default -> {
                    // Self-tests and the like.
                }
            }
        });
    }

    private void readPiece(ByteBuffer piece) {
        tokens.add("");
        scores.add(0f);
        types.add(GgufVocabulary.NORMAL);
        int id = tokens.size() - 1;
        each(piece, (number, value) -> {
            switch (number) {
                case 1 -> tokens.set(id, StandardCharsets.UTF_8.decode(value).toString());
                case 2 -> scores.set(id, value.getFloat());
                case 3 -> types.set(id, (int) value.getLong());
                default -> {
                    // Unknown extensions.
                }
            }
        });
    }

    private void takeTrainer(int number, ByteBuffer value) {
        switch (number) {
            case 3 -> modelType = (int) value.getLong();
            case 40 -> unknownId = (int) value.getLong();
            case 41 -> bosId = (int) value.getLong();
            case 42 -> eosId = (int) value.getLong();
            default -> {
                // How it was trained.
            }
        }
    }

    private void takeNormalizer(int number, ByteBuffer value) {
        switch (number) {
            case 2 -> {
                if (value.hasRemaining()) {
                    throw wrong("it normalizes text by a table of characters, which is not supported");
                }
            }
            case 3 -> addPrefix = value.getLong() != 0;
            case 4 -> removesSpaces = value.getLong() != 0;
            default -> {
                // Names, and escape_whitespaces, which BPE models always have.
            }
        }
    }

    /** Gives every field of a message: a number as eight bytes or four, anything else as its own bytes. */
    private void each(ByteBuffer message, Fields fields) {
        message.order(ByteOrder.LITTLE_ENDIAN);
        while (message.hasRemaining()) {
            long tag = number(message);
            int number = (int) (tag >>> 3);
            ByteBuffer value = switch ((int) (tag & 7)) {
                case 0 ->
                    ByteBuffer.allocate(8)
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .putLong(number(message))
                            .flip();
                case 1 -> slice(message, 8);
                case 2 -> slice(message, number(message));
                case 5 -> slice(message, 4);
                default -> throw wrong("it is not a SentencePiece model");
            };
            try {
                fields.take(number, value);
            } catch (BufferUnderflowException e) {
                throw wrong("a field is of another type than SentencePiece writes");
            }
        }
    }

    private ByteBuffer slice(ByteBuffer message, long length) {
        if (length < 0 || length > message.remaining()) {
            throw wrong("it is cut off, or not a SentencePiece model");
        }
        ByteBuffer slice = message.slice(message.position(), (int) length).order(ByteOrder.LITTLE_ENDIAN);
        message.position(message.position() + (int) length);
        return slice;
    }

    /** A number in groups of seven bits, the lowest first. */
    private long number(ByteBuffer message) {
        long number = 0;
        for (int shift = 0; shift < 64 && message.hasRemaining(); shift += 7) {
            byte b = message.get();
            number |= (long) (b & 0x7F) << shift;
            if (b >= 0) {
                return number;
            }
        }
        throw wrong("it is cut off, or not a SentencePiece model");
    }

    private TokenizerFormatException wrong(String what) {
        return new TokenizerFormatException(source + ": " + what + ".");
    }
}
