package dev.mynah.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mynah.engine.EngineOptions;
import dev.mynah.model.Lora;
import dev.mynah.model.LoraConfig;
import dev.mynah.model.LoraFolder;
import dev.mynah.model.ModelFolder;
import dev.mynah.model.Transformer;
import dev.mynah.server.TestServer;
import dev.mynah.server.TestServer.Reply;
import dev.mynah.server.TestUser;
import dev.mynah.server.provider.FolderProvider;
import dev.mynah.server.provider.LocalModels;
import dev.mynah.server.provider.ModelFolderRepository;
import dev.mynah.server.provider.ModelRepository;
import dev.mynah.server.provider.Models;
import dev.mynah.tensor.Device;
import dev.mynah.tensor.Generator;
import dev.mynah.tensor.Scope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A low-rank adapter over the local model is a model of its own. */
class AdaptersTest {
    private static final Path LLAMA = Path.of("../mynah-engine/src/test/resources/fixtures/llama");

    private static void makeAdapter(Path folder) throws IOException {
        try (Scope scope = Scope.open()) {
            Transformer model = ModelFolder.map(LLAMA);
            Generator generator = new Generator(4);
            LoraConfig config = new LoraConfig(4, 8, 0, List.of("q_proj", "down_proj"));
            Lora lora = Lora.create(model.config(), config, Device.CPU, generator);
            lora.parameters().values().forEach(parameter -> parameter.normal_(0, 0.5, generator));
            LoraFolder.save(folder, lora, model, LLAMA.toAbsolutePath().toString(), false);
        }
    }

    @Test
    void aRequestChoosesTheModelOrItsAdapter(@TempDir Path folder) throws IOException {
        makeAdapter(folder.resolve("adapter"));
        TestServer server = TestServer.start(
                folder.resolve("data"),
                Map.of(),
                LocalModels.open(
                        "llama",
                        LLAMA,
                        Device.CPU,
                        EngineOptions.DEFAULT,
                        null,
                        Map.of("llama:tuned", folder.resolve("adapter"))));
        try {
            JsonNode models = server.get("/v1/models", server.adminKey()).json().get("data");
            assertThat(models.valueStream().map(model -> model.get("id").stringValue()))
                    .contains("llama", "llama:tuned");
            String plain = text(server, "llama");
            String tuned = text(server, "llama:tuned");
            assertThat(tuned).isNotEqualTo(plain);
            assertThat(text(server, "llama")).isEqualTo(plain);
            assertThat(text(server, "llama:tuned")).isEqualTo(tuned);
            assertThat(ask(server, "llama:other").status()).isEqualTo(404);
            assertThat(embedding(server, "llama").status()).isEqualTo(200);
            assertThat(embedding(server, "llama:tuned").status()).isEqualTo(400);
            assertThat(embedding(server, "llama:tuned").body()).contains("adapters give no embeddings; ask llama");
            fineTuned(server, folder, tuned);
        } finally {
            server.close();
        }
    }

    /** A fine-tuned model shares the base that is served; where the base is another by now, its own folder is opened, for which the tests have a stub. */
    private static void fineTuned(TestServer server, Path folder, String tuned) throws IOException {
        register(server, "ft:llama:new", folder.resolve("adapter"));
        assertThat(text(server, "ft:llama:new")).isEqualTo(tuned);
        assertThat(embedding(server, "ft:llama:new").body()).contains("adapters give no embeddings; ask llama");
        server.bean(FolderProvider.class).forget("ft:llama:new");
        assertThat(text(server, "ft:llama:new")).isEqualTo(tuned);

        makeAdapter(folder.resolve("older"));
        Files.setLastModifiedTime(
                folder.resolve("older/adapter_model.safetensors"),
                FileTime.from(Instant.parse("2020-01-01T00:00:00Z")));
        register(server, "ft:llama:old", folder.resolve("older"));
        assertThat(text(server, "ft:llama:old")).startsWith("Hello");
        register(server, "ft:llama:merged", null);
        assertThat(server.get("/v1/models/ft:llama:merged", server.adminKey())
                        .json()
                        .get("owned_by")
                        .stringValue())
                .isEqualTo("local");
        assertThat(text(server, "ft:llama:merged")).startsWith("Hello");

        // None is opened for who could not pay for its answer.
        register(server, "ft:llama:0", null);
        TestUser poor = TestUser.onPlan(server, "payg");
        for (String path : List.of("/v1/completions", "/v1/embeddings")) {
            String key = path.endsWith("embeddings") ? "input" : "prompt";
            Reply refused = server.post(path, poor.key(), "{'model': 'ft:llama:0', '" + key + "': 'x'}");
            assertThat(refused.json().at("/error/code").stringValue()).isEqualTo("insufficient_quota");
        }
        assertThat(server.bean(FolderProvider.class).isOpen("ft:llama:0")).isFalse();
        assertThat(server.bean(FolderProvider.class).isOpen("ft:llama:merged")).isTrue();

        // Four are in memory at most; adapters have their base's place.
        for (String more : List.of("2", "3", "4")) {
            register(server, "ft:llama:" + more, null);
        }
        text(server, "ft:llama:2");
        text(server, "ft:llama:3");
        Reply full = ask(server, "ft:llama:4");
        assertThat(full.status()).isEqualTo(503);
        assertThat(full.json().at("/error/code").stringValue()).isEqualTo("engine_busy");
        server.bean(FolderProvider.class).forget("ft:llama:new");
        assertThat(text(server, "ft:llama:new")).isEqualTo(tuned);
        server.bean(FolderProvider.class).forget("ft:llama:2");
        assertThat(text(server, "ft:llama:4")).startsWith("Hello");
    }

    private static void register(TestServer server, String id, @Nullable Path adapter) {
        server.bean(ModelRepository.class)
                .insertIfAbsent(server.bean(Models.class).priced(id, FolderProvider.NAME));
        server.bean(ModelFolderRepository.class)
                .insertIfAbsent(new ModelFolderRepository.Entry(id, Path.of("merged"), "llama", adapter));
    }

    private static String text(TestServer server, String model) {
        Reply reply = ask(server, model);
        assertThat(reply.status()).as(reply.body()).isEqualTo(200);
        return reply.json().at("/choices/0/text").stringValue();
    }

    private static Reply embedding(TestServer server, String model) {
        return server.post("/v1/embeddings", server.adminKey(), "{'model': '" + model + "', 'input': [5, 6]}");
    }

    private static Reply ask(TestServer server, String model) {
        return server.post(
                "/v1/completions",
                server.adminKey(),
                "{'model': '" + model + "', 'prompt': [5, 6, 7, 8], 'temperature': 0, 'max_tokens': 12}");
    }
}
