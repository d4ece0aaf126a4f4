package dev.mynah.model;

import dev.mynah.files.JsonErrors;
import dev.mynah.tensor.DType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/**
 * The JSON header of a safetensors file: what tensors there are and where their bytes lie. Everything in it comes from
 * a stranger and is checked against the number of bytes that follow it; it is read as a stream, so that memory stays in
 * proportion to the header.
 *
 * @param metadata free text under {@code __metadata__}
 * @param entries  by tensor name
 */
record SafetensorsHeader(Map<String, String> metadata, SequencedMap<String, Entry> entries) {
    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();
    private static final int MAX_RANK = 16;

    /**
     * One tensor.
     *
     * @param begin first byte, counted from the end of the header
     * @param end   the byte after the last
     */
    record Entry(DType dtype, List<Long> shape, long begin, long end) {
        long[] dimensions() {
            return shape.stream().mapToLong(Long::longValue).toArray();
        }
    }

    /**
     * Parses a header.
     *
     * @param json      the header's bytes
     * @param dataBytes number of bytes in the file after the header
     * @throws IllegalArgumentException saying what is wrong, without the file's name
     */
    static SafetensorsHeader parse(byte[] json, long dataBytes) {
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), json)) {
            SafetensorsHeader header = new Reader(parser).read();
            requireCovered(header.entries, dataBytes);
            return header;
        } catch (JacksonException e) {
            throw new IllegalArgumentException("the header is not valid JSON: " + JsonErrors.describe(e), e);
        }
    }

    /** The specification wants the data covered by the tensors without holes or overlaps. */
    private static void requireCovered(SequencedMap<String, Entry> entries, long dataBytes) {
        List<Map.Entry<String, Entry>> sorted = new ArrayList<>(entries.entrySet());
        sorted.sort(Map.Entry.comparingByValue(
                Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end)));
        long covered = 0;
        for (Map.Entry<String, Entry> named : sorted) {
            Entry entry = named.getValue();
            String where = "tensor " + named.getKey() + " lies at bytes " + entry.begin + " to " + entry.end;
            if (entry.end > dataBytes) {
                throw new IllegalArgumentException(where + ", but the file has only " + dataBytes + " bytes of data");
            }
            if (entry.begin < covered) {
                throw new IllegalArgumentException(where + ", which overlaps the tensor before it, up to " + covered);
            }
            if (entry.begin > covered) {
                throw new IllegalArgumentException(where + ", which leaves a hole after byte " + covered);
            }
            covered = entry.end;
        }
        if (covered != dataBytes) {
            throw new IllegalArgumentException(
                    "the tensors cover " + covered + " bytes, but the file has " + dataBytes + " bytes of data");
        }
    }

    private record Reader(JsonParser parser) {

        SafetensorsHeader read() {
            expect(parser.nextToken(), JsonToken.START_OBJECT, "the header");
            Map<String, String> metadata = Map.of();
            SequencedMap<String, Entry> entries = new LinkedHashMap<>();
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = parser.currentName();
                if (name.equals("__metadata__")) {
                    metadata = metadata();
                } else {
                    entries.put(name, entry(name));
                }
            }
            if (parser.nextToken() != null) {
                throw new IllegalArgumentException("the header has something after its JSON object");
            }
            return new SafetensorsHeader(metadata, Collections.unmodifiableSequencedMap(entries));
        }

        private Map<String, String> metadata() {
            expect(parser.nextToken(), JsonToken.START_OBJECT, "__metadata__");
            Map<String, String> metadata = new LinkedHashMap<>();
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = parser.currentName();
                expect(parser.nextToken(), JsonToken.VALUE_STRING, "__metadata__: " + name);
                metadata.put(name, parser.getString());
            }
            return Collections.unmodifiableMap(metadata);
        }

        private Entry entry(String tensor) {
            String where = "tensor " + tensor;
            expect(parser.nextToken(), JsonToken.START_OBJECT, where);
            DType dtype = null;
            List<Long> shape = null;
            List<Long> offsets = null;
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                switch (parser.currentName()) {
                    case "dtype" -> dtype = dtype(where);
                    case "shape" -> shape = counts(where + ": shape");
                    case "data_offsets" -> offsets = counts(where + ": data_offsets");
                    default ->
                        throw new IllegalArgumentException(where + " has an unknown field " + parser.currentName());
                }
            }
            return checked(where, dtype, shape, offsets);
        }

        private static Entry checked(
                String where, @Nullable DType dtype, @Nullable List<Long> shape, @Nullable List<Long> offsets) {
            if (dtype == null || shape == null || offsets == null || offsets.size() != 2) {
                throw new IllegalArgumentException(where + " needs dtype, shape and two data_offsets");
            }
            long begin = offsets.getFirst();
            long end = offsets.getLast();
            long bytes = dtype.bytes();
            try {
                for (long size : shape) {
                    bytes = Math.multiplyExact(bytes, size);
                }
            } catch (ArithmeticException e) {
                throw new IllegalArgumentException(where + " has the shape " + shape + ", which is too large", e);
            }
            if (end < begin || end - begin != bytes) {
                throw new IllegalArgumentException(where + " of " + dtype + shape + " needs " + bytes
                        + " bytes, but lies at bytes " + begin + " to " + end);
            }
            return new Entry(dtype, shape, begin, end);
        }

        private DType dtype(String where) {
            expect(parser.nextToken(), JsonToken.VALUE_STRING, where + ": dtype");
            String name = parser.getString();
            for (DType dtype : DType.values()) {
                if (dtype.name().equals(name)) {
                    return dtype;
                }
            }
            throw new IllegalArgumentException(where + " has the dtype " + shorten(name)
                    + ", which is not supported; supported are " + Arrays.toString(DType.values()));
        }

        /** A short list of integers that are not negative. */
        private List<Long> counts(String where) {
            expect(parser.nextToken(), JsonToken.START_ARRAY, where);
            List<Long> counts = new ArrayList<>();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                expect(parser.currentToken(), JsonToken.VALUE_NUMBER_INT, where);
                if (counts.size() == MAX_RANK) {
                    throw new IllegalArgumentException(where + " has more than " + MAX_RANK + " numbers");
                }
                // Larger than a long is refused by the parser.
                long count = parser.getLongValue();
                if (count < 0) {
                    throw new IllegalArgumentException(where + " has the negative number " + count);
                }
                counts.add(count);
            }
            return List.copyOf(counts);
        }

        private static void expect(@Nullable JsonToken found, JsonToken expected, String where) {
            if (found != expected) {
                throw new IllegalArgumentException(where + " must be " + describe(expected) + ", found "
                        + (found == null ? "the end" : describe(found)));
            }
        }

        private static String describe(JsonToken token) {
            return switch (token) {
                case START_OBJECT -> "an object";
                case START_ARRAY -> "an array";
                case VALUE_STRING -> "a string";
                case VALUE_NUMBER_INT -> "an integer";
                default -> token.toString();
            };
        }

        private static String shorten(String text) {
            return text.length() <= 20 ? text : text.substring(0, 17) + "...";
        }
    }
}
