package dev.mynah.model;

import dev.mynah.files.DurableFiles;
import dev.mynah.tensor.DType;
import dev.mynah.tensor.Device;
import dev.mynah.tensor.Tensor;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * An adapter on disk in the layout of Hugging Face's PEFT: {@code adapter_config.json} and {@code adapter_model.safetensors}. Where the model's vocabulary grew, the embedding and the head
 * stand there too, as PEFT saves them.
 */
public final class LoraFolder {
    private static final String CONFIG = "adapter_config.json";
    private static final String WEIGHTS = "adapter_model.safetensors";
    private static final String PREFIX = "base_model.model.";

    /** Features of PEFT that change what is computed. */
    private static final List<String> REFUSED_FLAGS = List.of("use_rslora", "use_dora", "lora_bias");

    private static final List<String> REFUSED_MAPS = List.of("rank_pattern", "alpha_pattern");

    private LoraFolder() {}

    /** An adapter in {@code folder}, and beside it where its base came from. */
    public static boolean isAdapter(Path folder) {
        return Files.exists(folder.resolve(CONFIG));
    }

    /** What an adapter says that it belongs to: a folder or public name. */
    public static String base(Path folder) throws IOException {
        return JsonFields.read(folder.resolve(CONFIG)).text("base_model_name_or_path");
    }

    /** Whether an adapter was written after the weights in the folder {@code base}: else those are others than it was made for. */
    public static boolean isNewerThan(Path folder, Path base) throws IOException {
        FileTime written = Files.getLastModifiedTime(folder.resolve(WEIGHTS));
        try (DirectoryStream<Path> weights = Files.newDirectoryStream(base, "*.safetensors")) {
            for (Path file : weights) {
                if (Files.getLastModifiedTime(file).compareTo(written) > 0) {
                    return false;
                }
            }
        }
        return true;
    }

    /**
     * Writes the adapter of {@code model}; the folder is made if need be.
     *
     * @param base      what the adapter belongs to: a folder or public name
     * @param resized   whether the model has more tokens than its base, so that embedding and head are saved too
     */
    public static void save(Path folder, Lora lora, Transformer model, String base, boolean resized)
            throws IOException {
        Files.createDirectories(folder);
        SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
        lora.parameters().forEach((name, tensor) -> tensors.put(PREFIX + name, tensor));
        if (resized) {
            ParameterNames names = ParameterNames.of(model.config());
            for (String name : List.of(names.tokens(), names.head())) {
                Tensor tensor = model.parameters().get(name);
                if (tensor != null) {
                    tensors.put(PREFIX + name, tensor);
                }
            }
        }
        SafetensorsWriter.write(folder.resolve(WEIGHTS), tensors, Map.of("format", "pt"));
        DurableFiles.write(folder.resolve(CONFIG), config(lora.config(), model.config(), base));
    }

    private static String config(LoraConfig lora, ModelConfig model, String base) {
        ObjectNode json = JsonMapper.shared().createObjectNode();
        json.put("peft_type", "LORA");
        json.put("task_type", "CAUSAL_LM");
        json.put("base_model_name_or_path", base);
        json.put("r", lora.rank());
        json.put("lora_alpha", lora.alpha());
        json.put("lora_dropout", lora.dropout());
        lora.targets().forEach(json.putArray("target_modules")::add);
        json.put("bias", "none");
        json.put("fan_in_fan_out", Linear.inputFirst(model));
        json.put("inference_mode", true);
        return JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(json) + "\n";
    }

    /**
     * Loads an adapter for a model of the shape {@code model}, in fp32 and owned by the open scope.
     *
     * @throws IllegalArgumentException if it is damaged, for another shape, or of a kind that is not supported
     */
    public static Lora load(Path folder, ModelConfig model, Device device) throws IOException {
        LoraConfig config = config(JsonFields.read(folder.resolve(CONFIG)));
        SafetensorsFile file = SafetensorsFile.open(folder.resolve(WEIGHTS));
        SequencedMap<String, Tensor> parameters = new LinkedHashMap<>();
        SequencedMap<String, List<Long>> shapes = Lora.shapes(model, config);
        shapes.forEach((name, shape) -> {
            if (!file.names().contains(PREFIX + name)) {
                throw new IllegalArgumentException(file.path() + " lacks " + PREFIX + name + ", which the model needs");
            }
            List<Long> found = file.shape(PREFIX + name);
            if (!found.equals(shape)) {
                throw new IllegalArgumentException(file.path() + " is of a model of another shape: " + PREFIX + name
                        + " is " + found + ", the model needs " + shape);
            }
            Tensor parameter = Tensor.empty(DType.F32, device, shape.getFirst(), shape.getLast());
            file.copyTo(PREFIX + name, parameter);
            parameters.put(name, parameter);
        });
        for (String name : file.names()) {
            if (name.contains(".lora_") && !shapes.containsKey(name.substring(PREFIX.length()))) {
                throw new IllegalArgumentException(file.path() + " has " + name + ", which the model does not");
            }
        }
        return new Lora(config, parameters);
    }

    /**
     * Refuses an adapter that brings parameters of the model itself, as one does whose training added tokens: it cannot stand beside others over one base.
     *
     * @throws IllegalArgumentException naming one of them
     */
    public static void requireBaseVocabulary(Path folder) throws IOException {
        SafetensorsFile file = SafetensorsFile.open(folder.resolve(WEIGHTS));
        for (String name : file.names()) {
            if (!name.contains(".lora_")) {
                throw new IllegalArgumentException(file.path() + " holds " + name
                        + " beside its low-rank updates; serve the merged model instead");
            }
        }
    }

    private static LoraConfig config(JsonFields fields) {
        if (!fields.text("peft_type").equals("LORA")) {
            throw fields.error("peft_type", "is not supported; supported is LORA");
        }
        if (!fields.text("bias", "none").equals("none")) {
            throw fields.error("bias", "is not supported; supported is none");
        }
        for (String flag : REFUSED_FLAGS) {
            if (fields.flag(flag, false)) {
                throw fields.error(flag, "is not supported");
            }
        }
        for (String map : REFUSED_MAPS) {
            JsonFields object = fields.object(map);
            if (object != null && !object.names().isEmpty()) {
                throw fields.error(map, "is not supported");
            }
        }
        int rank = fields.integer("r");
        return new LoraConfig(
                rank,
                fields.number("lora_alpha", rank),
                fields.number("lora_dropout", 0),
                fields.texts("target_modules"));
    }
}
