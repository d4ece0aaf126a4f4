package dev.mynah.train.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mynah.files.config.Config;
import dev.mynah.model.ModelFolder;
import dev.mynah.train.Ranks;
import dev.mynah.train.chat.TinyChat;
import dev.mynah.train.config.GrpoConfig;
import dev.mynah.train.config.PoetConfig;
import dev.mynah.train.config.PpoConfig;
import dev.mynah.train.config.PretrainConfig;
import dev.mynah.train.config.RewardConfig;
import dev.mynah.train.config.SftConfig;
import dev.mynah.train.run.Provenance;
import dev.mynah.train.run.RunFiles;
import dev.mynah.train.run.SilentMonitor;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole recipe, with a model that learns nothing in the seconds that it has. */
class PoetRecipeTest {

    private static final Path SCALE = Path.of("src/test/resources/dev/mynah/train/recipe");
    private static final Path POEMS = Path.of("../recipes/corpora/tang-poems.jsonl.gz");

    @TempDir
    private Path folder;

    @Test
    void aBrokenRecipeGoesOnAndAFinishedStageIsNotRepeated() throws IOException {
        Path poems = everyTenth(POEMS);
        Path out = folder.resolve("out");
        Path ranking = Files.writeString(folder.resolve("people.jsonl"), """
                {"prompt": "写一首关于雪的五言绝句", "chosen": "千山鸟飞绝，万径人踪灭。", "rejected": "雪。"}
                """);
        Said first = new Said();
        PoetRecipe.run(
                SCALE,
                List.of(poems),
                List.of(ranking),
                1,
                TinyChat.options(out, true),
                Ranks.connect(Map.of()),
                first);
        assertThat(first.sentences)
                .contains("The stage pretrain", "The stage sft", "The stage reward", "The stage ppo", "The stage grpo");
        assertThat(Files.readString(out.resolve("report.html")))
                .contains(
                        "All rules at once", "<th class=\"number\">PPO", "<th class=\"number\">GRPO", "SFT, best of 2");
        assertThat(Files.readString(out.resolve("reward/provenance.json"))).contains("people.jsonl");
        assertThat(Files.readString(out.resolve("model/tokenizer_config.json"))).contains("chat_template");
        assertThat(ModelFolder.generation(out.resolve("model")).sampling().temperature())
                .isEqualTo(0.5);
        byte[] model = Files.readAllBytes(out.resolve("model/model.safetensors"));
        assertThat(model)
                .isEqualTo(Files.readAllBytes(
                        new RunFiles(out.resolve("grpo")).model().resolve("model.safetensors")));

        Files.delete(out.resolve("report.html"));
        Files.delete(out.resolve("exam/ppo.json"));
        Said again = new Said();
        run(SCALE, poems, List.of(), out, again);
        assertThat(again.sentences)
                .contains(
                        "The stage ppo is done already", "Held-out prompts: PPO", "The stage sft-2", "The stage grpo-2")
                .doesNotContain("The stage sft", "The stage grpo", "Held-out prompts: SFT");
        assertThat(Files.readString(out.resolve("report.html"))).contains("GRPO 2");
        assertThat(Files.readString(out.resolve("sft-2/provenance.json"))).contains("demonstrations-2.jsonl");
        assertThat(Files.readAllBytes(out.resolve("model/model.safetensors")))
                .isEqualTo(Files.readAllBytes(
                        new RunFiles(out.resolve("grpo-2")).model().resolve("model.safetensors")));

        assertOtherwiseIsRefused(out, poems, ranking);
        Path moved = Files.move(out, folder.resolve("moved"));
        Said elsewhere = new Said();
        run(SCALE, poems, List.of(), moved, elsewhere);
        assertThat(elsewhere.sentences).contains("The stage grpo-2 is done already");
        assertRankingsAreLookedForWhereTheyLie(moved, poems, ranking);
        assertOlderFoldersAreNamed(moved, poems);
    }

    private void assertRankingsAreLookedForWhereTheyLie(Path out, Path poems, Path ranking) throws IOException {
        Path now = Files.move(ranking, folder.resolve("elsewhere.jsonl"));
        assertThatThrownBy(() -> run(SCALE, poems, List.of(), out, new Said()))
                .hasMessage("The rankings " + ranking
                        + ", which were given before, are not there any more; say with --rankings where they are");
        run(SCALE, poems, List.of(now), out, new Said());
        run(SCALE, poems, List.of(), out, new Said());
    }

    /** Versions before this one did not write down what data and models were made from. */
    private static void assertOlderFoldersAreNamed(Path out, Path poems) throws IOException {
        for (String made : List.of("sft", "data")) {
            Files.delete(out.resolve(made).resolve(Provenance.FILE));
            assertThatThrownBy(() -> run(SCALE, poems, List.of(), out, new Said()))
                    .hasMessageStartingWith(out.resolve(made) + " was made by an older Mynah")
                    .hasMessageContaining("give another --out, or remove that folder");
        }
    }

    /** Nothing that is done is taken for what would be made now. */
    private void assertOtherwiseIsRefused(Path out, Path poems, Path ranking) throws IOException {
        String advice =
                " than it would be now; give another --out, or remove that folder and all that was made after it";
        Path other = Files.writeString(
                folder.resolve("other.jsonl"), Files.readString(ranking).replace("千山鸟飞绝", "千山鸟飞尽"));
        assertThatThrownBy(() -> run(SCALE, poems, List.of(other), out, new Said()))
                .hasMessage("What is in " + out.resolve("reward") + " was made from other files (data.paths)" + advice);
        Path scale = Files.createDirectories(folder.resolve("scale"));
        for (String file : List.of("data", "pretrain", "sft", "reward", "ppo", "grpo")) {
            Files.copy(SCALE.resolve(file + ".yaml"), scale.resolve(file + ".yaml"));
        }
        edit(scale.resolve("sft.yaml"), "steps: 4", "steps: 5");
        assertThatThrownBy(() -> run(scale, poems, List.of(ranking), out, new Said()))
                .hasMessage("What is in " + out.resolve("sft") + " was made by another configuration" + advice);
        edit(scale.resolve("data.yaml"), "prompts: 40", "prompts: 41");
        assertThatThrownBy(() -> run(scale, poems, List.of(ranking), out, new Said()))
                .hasMessage("What is in " + out.resolve("data") + " was made by another data.yaml" + advice);
        assertThatThrownBy(() -> run(SCALE, POEMS, List.of(ranking), out, new Said()))
                .hasMessage("What is in " + out.resolve("data") + " was made from other poems" + advice);
    }

    private static void run(Path scale, Path poems, List<Path> rankings, Path out, Said said) throws IOException {
        PoetRecipe.run(scale, List.of(poems), rankings, 2, TinyChat.options(out, true), Ranks.connect(Map.of()), said);
    }

    private static void edit(Path file, String before, String after) throws IOException {
        Files.writeString(file, Files.readString(file).replace(before, after));
    }

    @Test
    void everyConfigurationOfTheRecipeCanBeRead() throws IOException {
        for (String scale : List.of("tiny", "cpu", "gpu")) {
            Path folder = Path.of("../recipes/poet", scale);
            Config.read(PoetConfig.class, folder.resolve("data.yaml"), List.of());
            Config.read(PretrainConfig.class, folder.resolve("pretrain.yaml"), List.of());
            Config.read(SftConfig.class, folder.resolve("sft.yaml"), List.of());
            Config.read(RewardConfig.class, folder.resolve("reward.yaml"), List.of());
            PpoConfig ppo = Config.read(PpoConfig.class, folder.resolve("ppo.yaml"), List.of());
            assertThat(ppo.ppo().rule()).as(scale).isNotNull();
            GrpoConfig grpo = Config.read(GrpoConfig.class, folder.resolve("grpo.yaml"), List.of());
            assertThat(grpo.grpo().rule()).as(scale).isNotNull();
        }
    }

    /** So few poems that reading them takes no time, and enough for every theme. */
    private Path everyTenth(Path file) throws IOException {
        Path few = folder.resolve("poems.jsonl.gz");
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                        new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8));
                OutputStream out = new GZIPOutputStream(Files.newOutputStream(few))) {
            int number = 0;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (number++ % 10 == 0) {
                    out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
                }
            }
        }
        return few;
    }

    private static final class Said extends SilentMonitor {
        private final List<String> sentences = new ArrayList<>();

        @Override
        public void notice(String sentence) {
            sentences.add(sentence);
        }
    }
}
