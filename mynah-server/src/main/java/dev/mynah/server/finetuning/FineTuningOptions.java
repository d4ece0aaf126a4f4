package dev.mynah.server.finetuning;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What whoever starts the service knows of training.
 *
 * @param java    the flags of a JVM that trains, and its main class; empty where nothing can be trained
 * @param classpath of that JVM
 * @param models  folders of the models that the service began with, by their names
 */
public record FineTuningOptions(List<String> java, String classpath, Map<String, Path> models) {
    /** Without training. */
    public static final FineTuningOptions NONE = new FineTuningOptions(List.of(), "", Map.of());

    public FineTuningOptions {
        java = List.copyOf(java);
        models = Map.copyOf(models);
    }
}
