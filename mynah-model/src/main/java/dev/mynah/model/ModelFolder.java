package dev.mynah.model;

import dev.mynah.files.DurableFiles;
import dev.mynah.model.weights.WeightSource;
import dev.mynah.tensor.DType;
import dev.mynah.tensor.Device;
import dev.mynah.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A model on disk in Hugging Face's layout: {@code config.json}, {@code generation_config.json} and {@code
 * model.safetensors} (or an index and several files).
 */
public final class ModelFolder {
    /** The size above which a checkpoint is cut into several files, as Hugging Face does. */
    public static final long MAX_FILE_BYTES = 5_000_000_000L;

    private static final String CONFIG = "config.json";
    private static final String GENERATION = "generation_config.json";

    private ModelFolder() {}

    /** Whether {@code folder} is one. */
    public static boolean isOne(Path folder) {
        return Files.exists(folder.resolve(CONFIG)) && Checkpoint.isIn(folder);
    }

    /** The model's shape. */
    public static ModelConfig config(Path folder) throws IOException {
        return HuggingFaceConfig.read(required(folder, CONFIG));
    }

    /**
     * Which ids begin and end its text.
     *
     * @throws IllegalArgumentException if one is outside the model's vocabulary
     */
    public static GenerationConfig generation(Path folder) throws IOException {
        Path file = folder.resolve(GENERATION);
        JsonFields fields = JsonFields.read(Files.exists(file) ? file : required(folder, CONFIG));
        return GenerationConfig.of(fields, config(folder).vocabSize());
    }

    /**
     * Loads a model into memory of its own, which belongs to the open scope, to be trained or used. Every name and
     * shape is checked before any tensor is read.
     *
     * @param dtype element type of the parameters; null keeps the one of the file
     * @throws IllegalArgumentException if a file is damaged, the architecture is not supported, or tensors are missing,
     *     unknown or of another shape
     */
    public static Transformer load(Path folder, Device device, @Nullable DType dtype) throws IOException {
        ModelConfig config = config(folder);
        return new Transformer(config, tensors(folder, config, Set.of(), device, dtype));
    }

    /**
     * The parameters of {@code config}, and after them those of {@code others} that the checkpoint has, whatever their
     * shape.
     */
    static SequencedMap<String, Tensor> tensors(
            Path folder, ModelConfig config, Set<String> others, Device device, @Nullable DType dtype)
            throws IOException {
        SequencedMap<String, Tensor> parameters = new LinkedHashMap<>();
        match(folder, config, others).forEach((name, stored) -> {
            DType wanted = dtype == null ? stored.file.dtype(stored.name) : dtype;
            Tensor parameter = Tensor.empty(
                    wanted,
                    device,
                    stored.file.shape(stored.name).stream()
                            .mapToLong(Long::longValue)
                            .toArray());
            stored.file.copyTo(stored.name, parameter);
            parameters.put(name, parameter);
        });
        return parameters;
    }

    /**
     * Opens a model whose parameters lie in the mapped file, as it stores them, on the CPU: at once, without a copy,
     * and shared with other processes. They must not be written, so it cannot be trained.
     *
     * @throws IllegalArgumentException as {@link #load}
     */
    public static Transformer map(Path folder) throws IOException {
        ModelConfig config = config(folder);
        SequencedMap<String, Stored> stored = match(folder, config, Set.of());
        SequencedMap<String, Tensor> parameters = new LinkedHashMap<>();
        stored.forEach((name, source) -> parameters.put(name, source.file.tensor(source.name)));
        List<SafetensorsFile> mapped =
                stored.values().stream().map(Stored::file).distinct().toList();
        return new Transformer(config, parameters, mapped, null);
    }

    /**
     * The weights of a model as they lie in its mapped files.
     *
     * @throws IllegalArgumentException as {@link #load}
     */
    public static WeightSource weights(Path folder) throws IOException {
        ModelConfig config = config(folder);
        SequencedMap<String, Stored> stored = match(folder, config, Set.of());
        Map<String, FolderWeights.Stored> weights = new LinkedHashMap<>();
        for (StoredParameter parameter : StoredParameter.of(config)) {
            Stored source = Objects.requireNonNull(stored.get(parameter.name()));
            weights.put(parameter.name(), new FolderWeights.Stored(source.file, source.name, parameter.inputFirst()));
        }
        return new FolderWeights(config, weights);
    }

    /** Where a parameter is: a file, and its name there. */
    private record Stored(SafetensorsFile file, String name) {}

    private static SequencedMap<String, Stored> match(Path folder, ModelConfig config, Set<String> others)
            throws IOException {
        SequencedMap<String, SafetensorsFile> unread =
                new LinkedHashMap<>(Checkpoint.open(folder).files());
        SequencedMap<String, Stored> matched = new LinkedHashMap<>();
        List<String> missing = new ArrayList<>();
        ParameterSpec.all(config).forEach((name, spec) -> {
            String storedName = storedNames(name).stream()
                    .filter(unread::containsKey)
                    .findFirst()
                    .orElse(name);
            SafetensorsFile file = unread.remove(storedName);
            if (file == null) {
                missing.add(name + spec.shape());
                return;
            }
            requireUsable(file, storedName, spec);
            matched.put(name, new Stored(file, storedName));
        });
        unread.keySet().removeIf(name -> isNotNeeded(config, name));
        for (String name : others) {
            SafetensorsFile file = unread.remove(name);
            if (file != null) {
                matched.put(name, new Stored(file, name));
            }
        }
        if (!missing.isEmpty()) {
            throw new IllegalArgumentException(
                    folder + ": the checkpoint lacks " + some(missing) + ", which " + CONFIG + " asks for");
        }
        if (!unread.isEmpty()) {
            String file = unread.firstEntry().getValue().path().toString();
            throw new IllegalArgumentException(
                    file + " has " + some(List.copyOf(unread.keySet())) + ", which " + CONFIG + " does not ask for");
        }
        return matched;
    }

    /**
     * What a parameter may be called. Checkpoints of the network without its head, such as the original GPT-2's, leave
     * the first part of every name out; those of a model that also reads images put another before it.
     */
    private static List<String> storedNames(String name) {
        String withoutPrefix = name.substring(name.indexOf('.') + 1);
        return List.of(name, withoutPrefix, "language_model." + name, "model.language_model." + withoutPrefix);
    }

    static void requireUsable(SafetensorsFile file, String name, ParameterSpec spec) {
        List<Long> shape = file.shape(name);
        if (!shape.equals(spec.shape())) {
            throw new IllegalArgumentException(file.path() + ": tensor " + name + " has the shape " + shape + ", but "
                    + CONFIG + " asks for " + spec.shape());
        }
        if (!file.dtype(name).isFloatingPoint()) {
            throw new IllegalArgumentException(file.path() + ": tensor " + name + " has the dtype " + file.dtype(name)
                    + ", but a parameter is one of F32, BF16, F16, F64");
        }
    }

    /**
     * Tensors that follow from the configuration, in older checkpoints: causal masks, rotary frequencies, positions, the
     * copy of a tied embedding; and those that read images.
     */
    private static boolean isNotNeeded(ModelConfig config, String name) {
        return name.matches("(.*\\.)?h\\.\\d+\\.attn\\.(bias|masked_bias)")
                || name.endsWith("rotary_emb.inv_freq")
                || name.endsWith("position_ids")
                || name.matches("(model\\.)?(vision_tower|multi_modal_projector)\\..*")
                || (config.tiedEmbeddings() && name.endsWith("lm_head.weight"));
    }

    private static String some(List<String> names) {
        return names.getFirst() + (names.size() == 1 ? "" : " and " + (names.size() - 1) + " more tensors");
    }

    /**
     * Writes a model, in files of at most {@link #MAX_FILE_BYTES}; the folder is made if need be, and other files in it
     * stay.
     */
    public static void save(Path folder, Transformer model, GenerationConfig generation) throws IOException {
        save(folder, model, generation, MAX_FILE_BYTES);
    }

    static void save(Path folder, Transformer model, GenerationConfig generation, long maxFileBytes)
            throws IOException {
        Files.createDirectories(folder);
        Checkpoint.write(folder, model.parameters(), maxFileBytes);
        DType dtype = model.parameters().firstEntry().getValue().dtype();
        DurableFiles.write(
                folder.resolve(CONFIG), HuggingFaceConfig.write(model.config(), generation, torchName(dtype)));
        DurableFiles.write(folder.resolve(GENERATION), HuggingFaceConfig.write(generation));
    }

    static String torchName(DType dtype) {
        return switch (dtype) {
            case F32 -> "float32";
            case BF16 -> "bfloat16";
            case F16 -> "float16";
            case F64 -> "float64";
            default -> dtype.name().toLowerCase(Locale.ROOT);
        };
    }

    private static Path required(Path folder, String name) {
        Path file = folder.resolve(name);
        if (!Files.exists(file)) {
            throw new IllegalArgumentException(
                    Files.isDirectory(folder) ? folder + " holds no " + name : "there is no folder " + folder);
        }
        return file;
    }
}
