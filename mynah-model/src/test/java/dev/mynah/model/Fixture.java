package dev.mynah.model;

import dev.mynah.tensor.DType;
import dev.mynah.tensor.Device;
import dev.mynah.tensor.Tensor;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Stream;

/** A tiny checkpoint and what Hugging Face transformers computes with it; see src/test/fixtures/README.md. */
record Fixture(Path folder, SafetensorsFile reference) {

    static Stream<String> names() {
        return Stream.of(
                "gpt1",
                "gpt2",
                "gpt2-untied",
                "llama",
                "llama-tied",
                "mistral",
                "mistral-window",
                "qwen2",
                "qwen2-window",
                "qwen3",
                "gemma2",
                "gemma3",
                "phi3",
                "phi3-longrope",
                "phi3-partial",
                "mixtral",
                "qwen2-moe",
                "qwen3-moe",
                "rope-linear",
                "rope-dynamic",
                "rope-yarn",
                "rope-yarn-mscale",
                "rope-llama3");
    }

    /** Those in which a token is computed alike in sequences of any length. */
    static Stream<String> namesWithFixedRotation() {
        return names().filter(name -> !name.equals("rope-dynamic") && !name.equals("phi3-longrope"));
    }

    static Fixture named(String name) {
        Path folder = folder(name);
        try {
            return new Fixture(folder, SafetensorsFile.open(folder.resolve("reference.safetensors")));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    static Path folder(String name) {
        URL url = Objects.requireNonNull(Fixture.class.getResource("/fixtures/" + name + "/config.json"));
        try {
            return Objects.requireNonNull(Path.of(url.toURI()).getParent());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    Transformer model() {
        try {
            return ModelFolder.load(folder, Device.CPU, DType.F32);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** {@code [2, 16]}. */
    Tensor ids() {
        return reference.tensor("input_ids");
    }

    /** {@code [2, 16, vocabSize]}. */
    Tensor logits() {
        return reference.tensor("logits");
    }

    static double greatestDifference(Tensor a, Tensor b) {
        return a.sub(b).abs().max().item();
    }
}
