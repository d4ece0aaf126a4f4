package dev.mynah.model;

import dev.mynah.files.DurableFiles;
import dev.mynah.tensor.Tensor;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The tensors of a model folder: {@code model.safetensors}, or several files that {@code model.safetensors.index.json}
 * names.
 */
final class Checkpoint {
    private static final String SINGLE = "model.safetensors";
    private static final String INDEX = "model.safetensors.index.json";
    private static final Map<String, String> METADATA = Map.of("format", "pt");

    private final SequencedMap<String, SafetensorsFile> files;

    private Checkpoint(SequencedMap<String, SafetensorsFile> files) {
        this.files = files;
    }

    /** Whether {@code folder} holds one. */
    static boolean isIn(Path folder) {
        return Files.exists(folder.resolve(SINGLE)) || Files.exists(folder.resolve(INDEX));
    }

    /** Opens the checkpoint of {@code folder} and checks every header. */
    static Checkpoint open(Path folder) throws IOException {
        if (Files.exists(folder.resolve(SINGLE))) {
            SafetensorsFile file = SafetensorsFile.open(folder.resolve(SINGLE));
            SequencedMap<String, SafetensorsFile> files = new LinkedHashMap<>();
            file.names().forEach(name -> files.put(name, file));
            return new Checkpoint(files);
        }
        if (Files.exists(folder.resolve(INDEX))) {
            return openShards(folder, JsonFields.read(folder.resolve(INDEX)));
        }
        throw new IllegalArgumentException(folder + " holds neither " + SINGLE + " nor " + INDEX);
    }

    private static Checkpoint openShards(Path folder, JsonFields index) throws IOException {
        JsonFields weightMap = index.object("weight_map");
        if (weightMap == null) {
            throw new IllegalArgumentException(index.source() + " lacks weight_map");
        }
        Map<String, SafetensorsFile> shards = new LinkedHashMap<>();
        SequencedMap<String, SafetensorsFile> files = new LinkedHashMap<>();
        for (String name : weightMap.names()) {
            String shardName = weightMap.text(name);
            if (!shardName.matches("[A-Za-z0-9_-][A-Za-z0-9._-]*\\.safetensors")) {
                throw weightMap.error(name, "must be the name of a .safetensors file in the same folder");
            }
            SafetensorsFile shard = shards.get(shardName);
            if (shard == null) {
                shard = SafetensorsFile.open(folder.resolve(shardName));
                shards.put(shardName, shard);
            }
            if (!shard.names().contains(name)) {
                throw new IllegalArgumentException(
                        index.source() + " says that " + name + " is in " + shardName + ", which does not have it");
            }
            files.put(name, shard);
        }
        return new Checkpoint(files);
    }

    /** The file of each tensor. */
    SequencedMap<String, SafetensorsFile> files() {
        return files;
    }

    /**
     * Writes {@code tensors} into {@code folder}, in one file if they fit into {@code maxFileBytes}, else in as few as
     * keep each below it (a tensor is never cut). Whatever checkpoint stood there is replaced; with several files the
     * index comes last, and a crash before it leaves a mix, so a sharded checkpoint is best written to a fresh folder.
     */
    static void write(Path folder, SequencedMap<String, Tensor> tensors, long maxFileBytes) throws IOException {
        List<SequencedMap<String, Tensor>> shards = shards(tensors, maxFileBytes);
        if (shards.size() == 1) {
            SafetensorsWriter.write(folder.resolve(SINGLE), shards.getFirst(), METADATA);
            deleteOthers(folder, List.of(SINGLE));
            return;
        }
        List<String> written = new ArrayList<>(List.of(INDEX));
        ObjectNode index = JsonMapper.shared().createObjectNode();
        long totalBytes =
                tensors.values().stream().mapToLong(SafetensorsWriter::bytes).sum();
        index.putObject("metadata").put("total_size", totalBytes);
        ObjectNode weightMap = index.putObject("weight_map");
        for (int i = 0; i < shards.size(); i++) {
            String name = "model-%05d-of-%05d.safetensors".formatted(i + 1, shards.size());
            SafetensorsWriter.write(folder.resolve(name), shards.get(i), METADATA);
            shards.get(i).keySet().forEach(tensor -> weightMap.put(tensor, name));
            written.add(name);
        }
        DurableFiles.write(
                folder.resolve(INDEX),
                JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(index) + "\n");
        deleteOthers(folder, written);
    }

    private static List<SequencedMap<String, Tensor>> shards(SequencedMap<String, Tensor> tensors, long maxFileBytes) {
        List<SequencedMap<String, Tensor>> shards = new ArrayList<>(List.of(new LinkedHashMap<>()));
        long bytes = 0;
        for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
            long more = SafetensorsWriter.bytes(entry.getValue());
            if (bytes > 0 && bytes + more > maxFileBytes) {
                shards.add(new LinkedHashMap<>());
                bytes = 0;
            }
            shards.getLast().put(entry.getKey(), entry.getValue());
            bytes += more;
        }
        return shards;
    }

    /** Removes the files of an earlier checkpoint, of which a reader would otherwise prefer a stale one. */
    private static void deleteOthers(Path folder, List<String> written) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "model*.safetensors*")) {
            for (Path file : files) {
                String name = String.valueOf(file.getFileName());
                boolean ours = name.equals(SINGLE)
                        || name.equals(INDEX)
                        || name.matches("model-\\d{5}-of-\\d{5}\\.safetensors");
                if (ours && !written.contains(name)) {
                    Files.delete(file);
                }
            }
        }
    }
}
