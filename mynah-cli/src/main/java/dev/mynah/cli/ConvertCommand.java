package dev.mynah.cli;

import dev.mynah.model.GenerationConfig;
import dev.mynah.model.ModelFolder;
import dev.mynah.model.StoredParameter;
import dev.mynah.model.gguf.GgufFile;
import dev.mynah.model.gguf.GgufModel;
import dev.mynah.model.gguf.GgufWriter;
import dev.mynah.model.weights.WeightSource;
import dev.mynah.model.weights.WeightType;
import dev.mynah.model.weights.Weights;
import dev.mynah.tensor.DType;
import dev.mynah.tensor.Device;
import dev.mynah.tensor.Scope;
import dev.mynah.text.GgufVocabulary;
import dev.mynah.text.Tokenizer;
import dev.mynah.text.Tokenizers;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/** {@code mynah convert}: a model from one format to another. */
@Command(
        name = "convert",
        description = "Write a model in another format, with its tokenizer and chat template.",
        footer = {
            "",
            "Examples:",
            "  mynah convert runs/first/model model.gguf --quant q8_0",
            "  mynah convert model.gguf folder --quant bf16",
            "  mynah convert poet poet.gguf",
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class ConvertCommand implements Callable<Integer> {
    private static final int PERCENT = 100;

    /** A format of models. */
    enum Format {
        SAFETENSORS,
        GGUF
    }

    /** How matrices are stored. */
    enum Quant {
        F32(WeightType.F32),
        BF16(WeightType.BF16),
        Q8_0(WeightType.Q8_0),
        Q4_0(WeightType.Q4_0);

        final WeightType type;

        Quant(WeightType type) {
            this.type = type;
        }
    }

    @Spec
    private CommandSpec spec;

    @Parameters(
            index = "0",
            paramLabel = "SRC",
            description =
                    "A model: a folder in the Hugging Face layout, a .gguf file, or the name of a bundled model, of a run, or of a model that was pulled.")
    private String source;

    @Parameters(index = "1", paramLabel = "DST", description = "The folder or .gguf file to write.")
    private Path target;

    @Option(
            names = "--to",
            paramLabel = "FORMAT",
            description = "safetensors or gguf (default: gguf if DST ends so, else safetensors).")
    private @Nullable Format format;

    @Option(
            names = "--quant",
            paramLabel = "TYPE",
            description =
                    "How matrices are stored: f32, bf16, and in gguf q8_0, q4_0 (default: f32, or bf16 if SRC is).")
    private @Nullable Quant quant;

    @Option(names = "--json", description = "Print one JSON object: {\"source\", \"path\", \"format\", \"quant\"}.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        boolean gguf = format == null ? GgufFile.isNamedSo(target) : format == Format.GGUF;
        if (!gguf && quant != null && quant.type.blockElements() > 1) {
            throw new ParameterException(spec.commandLine(), "safetensors holds f32 and bf16, not " + lowerCase(quant));
        }
        Path path = Models.find(source);
        WeightType type;
        try (Opened model = open(path)) {
            type = quant == null ? model.plainType() : quant.type;
            if (gguf) {
                writeGguf(model, type);
            } else {
                writeFolder(model, type);
            }
        }
        spec.commandLine().getErr().println("Wrote " + target);
        if (json) {
            spec.commandLine()
                    .getOut()
                    .println(JsonMapper.shared()
                            .createObjectNode()
                            .put("source", path.toString())
                            .put("path", target.toString())
                            .put("format", lowerCase(gguf ? Format.GGUF : Format.SAFETENSORS))
                            .put("quant", lowerCase(type)));
        }
        return 0;
    }

    private static String lowerCase(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    /** What a model is made of. */
    private record Opened(WeightSource weights, Tokenizer tokenizer, GenerationConfig generation)
            implements AutoCloseable {
        /** F32, or BF16 where that loses nothing. */
        WeightType plainType() {
            String first = StoredParameter.of(weights.config()).getFirst().name();
            return weights.weight(first).type() == WeightType.BF16 ? WeightType.BF16 : WeightType.F32;
        }

        @Override
        public void close() {
            weights.close();
        }
    }

    private static Opened open(Path source) throws IOException {
        if (GgufFile.isNamedSo(source)) {
            GgufModel model = GgufModel.open(source);
            return new Opened(model, model.tokenizer(), model.generation());
        }
        return new Opened(ModelFolder.weights(source), Tokenizers.load(source), ModelFolder.generation(source));
    }

    private void writeGguf(Opened model, WeightType type) throws IOException {
        Path file = target.getFileName();
        String name = file == null ? "model" : file.toString().replaceFirst("\\.gguf$", "");
        GgufVocabulary vocabulary = GgufVocabulary.of(model.tokenizer);
        new GgufWriter(model.weights, vocabulary, model.generation, type, name).write(target, this::show);
    }

    private void writeFolder(Opened model, WeightType type) throws IOException {
        if (Files.exists(target) && !Files.isDirectory(target)) {
            throw new IllegalArgumentException(target + " is a file, not a folder to write a model into");
        }
        try (Scope scope = Scope.open()) {
            DType dtype = type == WeightType.BF16 ? DType.BF16 : DType.F32;
            ModelFolder.save(target, Weights.load(model.weights, Device.CPU, dtype), model.generation);
        }
        model.tokenizer.save(target);
    }

    private void show(long bytes, long total) {
        PrintWriter err = spec.commandLine().getErr();
        err.print("\r" + bytes * PERCENT / total + " % of " + (total >> 20) + " MiB" + (bytes == total ? "\n" : ""));
        err.flush();
    }
}
