package dev.mynah.text.classify;

import dev.mynah.files.DurableFiles;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Says how likely it is that each of some labels fits a text, independently: logistic regression over {@link TextFeatures}, with weights of 8 bits. Safe for any number of threads.
 *
 * <p>Its file: the eight bytes {@code MYNAHTC1}, the length of a JSON header as four bytes (big endian), the header ({@code bits}, and of each label {@code name}, {@code bias}, {@code scale}
 * and {@code threshold}), and for each bucket the weights of all labels, a signed byte each, in units of the label's scale.
 */
public final class TextClassifier {
    private static final byte[] MAGIC = "MYNAHTC1".getBytes(StandardCharsets.US_ASCII);
    private static final int MAX_HEADER = 1 << 16;
    private static final int MAX_LABELS = 256;
    private static final int MAX_BITS = 22;

    private final int bits;
    private final List<Label> labels;
    /** {@code [bucket, label]}. */
    private final byte[] weights;

    /**
     * A label.
     *
     * @param bias      of its log-odds
     * @param scale     what a weight of one adds to the log-odds
     * @param threshold the probability from which it is said to fit
     */
    public record Label(String name, double bias, double scale, double threshold) {
        public Label {
            boolean number = Double.isFinite(bias) && Double.isFinite(scale);
            if (name.isBlank() || !number || !(threshold >= 0 && threshold <= 1)) {
                throw new IllegalArgumentException("label \"" + name + "\" needs a name, numbers as bias and scale,"
                        + " and a threshold of 0 to 1");
            }
        }

        /** The same with another threshold. */
        public Label withThreshold(double other) {
            return new Label(name, bias, scale, other);
        }
    }

    private TextClassifier(int bits, List<Label> labels, byte[] weights) {
        this.bits = bits;
        this.labels = List.copyOf(labels);
        this.weights = weights;
    }

    /**
     * Rounds weights to bytes.
     *
     * @param weights {@code [label, bucket]}, by as many buckets as a power of two
     * @param biases  {@code [label]}
     */
    public static TextClassifier quantized(List<String> names, float[][] weights, double[] biases) {
        int buckets = weights[0].length;
        byte[] bytes = new byte[names.size() * buckets];
        List<Label> labels = new ArrayList<>();
        for (int label = 0; label < names.size(); label++) {
            float largest = Float.MIN_NORMAL;
            for (float weight : weights[label]) {
                largest = Math.max(largest, Math.abs(weight));
            }
            float scale = largest / Byte.MAX_VALUE;
            for (int bucket = 0; bucket < buckets; bucket++) {
                bytes[bucket * names.size() + label] = (byte) Math.round(weights[label][bucket] / scale);
            }
            labels.add(new Label(names.get(label), biases[label], scale, 1));
        }
        return new TextClassifier(Integer.numberOfTrailingZeros(buckets), labels, bytes);
    }

    /** The same with other thresholds, one for each label. */
    public TextClassifier withThresholds(double[] thresholds) {
        List<Label> changed = new ArrayList<>();
        for (Label label : labels) {
            changed.add(label.withThreshold(thresholds[changed.size()]));
        }
        return new TextClassifier(bits, changed, weights);
    }

    public List<Label> labels() {
        return labels;
    }

    /** The probability of each label, in their order. A text without a letter or digit has none of any. */
    public double[] probabilities(CharSequence text) {
        int[] buckets = TextFeatures.of(text, bits);
        double[] probabilities = new double[labels.size()];
        if (buckets.length == 0) {
            return probabilities;
        }
        int[] sums = new int[labels.size()];
        for (int bucket : buckets) {
            int at = bucket * sums.length;
            for (int label = 0; label < sums.length; label++) {
                sums[label] += weights[at + label];
            }
        }
        double norm = 1 / Math.sqrt(buckets.length);
        for (int i = 0; i < sums.length; i++) {
            Label label = labels.get(i);
            probabilities[i] = 1 / (1 + Math.exp(-(label.bias + label.scale * norm * sums[i])));
        }
        return probabilities;
    }

    /** The probability of each label, the highest over the {@link Passages} of a text of any length. */
    public double[] highestProbabilities(String text) {
        double[] highest = new double[labels.size()];
        for (String passage : Passages.of(text)) {
            double[] some = probabilities(passage);
            for (int label = 0; label < highest.length; label++) {
                highest[label] = Math.max(highest[label], some[label]);
            }
        }
        return highest;
    }

    /** Whether any of these probabilities reaches its label's threshold. */
    public boolean fits(double[] probabilities) {
        for (int label = 0; label < probabilities.length; label++) {
            if (probabilities[label] >= labels.get(label).threshold) {
                return true;
            }
        }
        return false;
    }

    /** Writes its file. */
    public void write(Path file) throws IOException {
        ObjectNode header = JsonMapper.shared().createObjectNode().put("bits", bits);
        ArrayNode all = header.putArray("labels");
        for (Label label : labels) {
            all.addObject()
                    .put("name", label.name)
                    .put("bias", label.bias)
                    .put("scale", label.scale)
                    .put("threshold", label.threshold);
        }
        byte[] json = JsonMapper.shared().writeValueAsBytes(header);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(MAGIC);
        out.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(json.length).array());
        out.writeBytes(json);
        out.writeBytes(weights);
        DurableFiles.write(file, out.toByteArray());
    }

    /**
     * Reads a file.
     *
     * @param source how errors call it
     * @throws IllegalArgumentException if the bytes are no classifier
     */
    public static TextClassifier read(byte[] file, String source) {
        ByteBuffer bytes = ByteBuffer.wrap(file);
        if (file.length < MAGIC.length + Integer.BYTES
                || !Arrays.equals(file, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
            throw broken(source, "it does not begin as one");
        }
        int length = bytes.position(MAGIC.length).getInt();
        if (length < 2 || length > Math.min(MAX_HEADER, bytes.remaining())) {
            throw broken(source, "its header would have " + length + " bytes");
        }
        byte[] json = new byte[length];
        bytes.get(json);
        JsonNode header = header(json, source);
        int bits = header.path("bits").asInt(0);
        List<Label> labels = labels(header.path("labels"), source);
        if (bits < 1 || bits > MAX_BITS || (long) labels.size() << bits != bytes.remaining()) {
            throw broken(
                    source,
                    labels.size() + " labels of " + bits + " bits do not fit " + bytes.remaining()
                            + " bytes of weights");
        }
        byte[] weights = new byte[bytes.remaining()];
        bytes.get(weights);
        return new TextClassifier(bits, labels, weights);
    }

    private static JsonNode header(byte[] json, String source) {
        try {
            return JsonMapper.shared().readTree(json);
        } catch (JacksonException e) {
            throw new IllegalArgumentException(source + " is no classifier: its header is not valid JSON", e);
        }
    }

    private static List<Label> labels(JsonNode all, String source) {
        List<Label> labels = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (JsonNode label : all) {
            labels.add(new Label(
                    label.path("name").asString(""),
                    label.path("bias").asDouble(Double.NaN),
                    label.path("scale").asDouble(Double.NaN),
                    label.path("threshold").asDouble(-1)));
            names.add(labels.getLast().name);
        }
        if (labels.isEmpty() || labels.size() > MAX_LABELS || names.size() < labels.size()) {
            throw broken(source, "it must have 1 to " + MAX_LABELS + " labels of different names");
        }
        return labels;
    }

    private static IllegalArgumentException broken(String source, String reason) {
        return new IllegalArgumentException(source + " is no classifier: " + reason);
    }
}
