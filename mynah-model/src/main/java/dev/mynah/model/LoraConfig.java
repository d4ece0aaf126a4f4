package dev.mynah.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Which layers a low-rank adaptation changes, and how strongly.
 *
 * @param rank    inner size of each update
 * @param alpha   the update is scaled by {@code alpha / rank}
 * @param dropout probability with which an input element of an update is dropped in training, in {@code [0, 1)}
 * @param targets the last parts of the names of linear layers, such as {@code q_proj} or {@code c_attn}, in the blocks
 */
public record LoraConfig(int rank, double alpha, double dropout, List<String> targets) {

    public LoraConfig {
        targets = List.copyOf(targets);
        if (rank < 1 || !(alpha > 0) || !(dropout >= 0 && dropout < 1) || targets.isEmpty()) {
            throw new IllegalArgumentException("a low-rank adaptation needs rank from 1 on, alpha above 0, dropout from"
                    + " 0 to below 1 and at least one target; found rank " + rank + ", alpha " + alpha + ", dropout "
                    + dropout + ", targets " + targets);
        }
    }

    /** What the updates are multiplied by. */
    public double scale() {
        return alpha / rank;
    }

    /** The last parts of the names of the linear layers in a model's blocks, experts left out: what {@link #targets} may hold. */
    public static Set<String> layersOf(ModelConfig config) {
        Set<String> layers = new LinkedHashSet<>();
        paths(config).forEach(path -> layers.add(last(path)));
        return layers;
    }

    private static List<String> paths(ModelConfig config) {
        ParameterNames names = ParameterNames.of(config);
        List<String> paths = new ArrayList<>(names.qkv());
        paths.add(names.attentionOutput());
        paths.addAll(names.mlp().up());
        paths.add(names.mlp().down());
        return paths;
    }

    /** Whether the weight of this name in a checkpoint is adapted. GPT-2 calls two layers of a block {@code c_proj}, and a target means both. */
    boolean adapts(ModelConfig config, String weight) {
        String blocks = ParameterNames.of(config).blocks();
        return weight.startsWith(blocks)
                && paths(config).stream()
                        .anyMatch(path -> targets.contains(last(path))
                                && weight.substring(blocks.length())
                                        .matches("\\d+\\." + Pattern.quote(path + ".weight")));
    }

    void requireTargetsOf(ModelConfig config) {
        Set<String> layers = layersOf(config);
        for (String target : targets) {
            if (!layers.contains(target)) {
                throw new IllegalArgumentException(
                        "the model has no linear layer " + target + "; it has " + String.join(", ", layers));
            }
        }
    }

    private static String last(String name) {
        return Arrays.asList(name.split("\\.")).getLast();
    }
}
