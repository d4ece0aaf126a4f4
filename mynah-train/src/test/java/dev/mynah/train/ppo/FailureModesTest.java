package dev.mynah.train.ppo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FailureModesTest {

    private static final PolicyMetrics CALM = metrics(1, 0.5, 0.5, 2, 3, 40, 0.1);

    @TempDir
    private Path folder;

    private static PolicyMetrics metrics(
            int step, double learned, double rule, double kl, double entropy, double length, double valueLoss) {
        return new PolicyMetrics(
                step, learned, learned, rule, kl, 0.05, entropy, length, 1, 0, valueLoss, 0, 0, 4, 0.5);
    }

    /** What is said while ten calm steps are followed by ten others. */
    private List<String> said(PolicyMetrics then) throws IOException {
        FailureModes modes = FailureModes.read(folder.resolve("none.jsonl"));
        List<String> said = new ArrayList<>();
        for (int i = 0; i < 3 * FailureModes.WINDOW; i++) {
            said.addAll(modes.after(i < FailureModes.WINDOW ? CALM : then));
        }
        return said;
    }

    @Test
    void nothingIsSaidWhileAllIsWell() throws IOException {
        assertThat(said(CALM)).isEmpty();
        assertThat(said(metrics(1, 0.9, 0.9, 5, 2, 50, 0.05))).isEmpty();
    }

    @Test
    void eachFailureIsNamedOnce() throws IOException {
        assertThat(said(metrics(1, 0.9, 0.3, 2, 3, 40, 0.1)))
                .singleElement()
                .asString()
                .startsWith("reward hacking");
        assertThat(said(metrics(1, 0.5, 0.5, 60, 3, 40, 0.1)))
                .singleElement()
                .asString()
                .startsWith("KL blow-up");
        assertThat(said(metrics(1, 0.5, 0.5, 2, 0.5, 40, 0.1)))
                .singleElement()
                .asString()
                .startsWith("entropy collapse");
        assertThat(said(metrics(1, 0.5, 0.5, 2, 3, 100, 0.1)))
                .singleElement()
                .asString()
                .startsWith("length drift");
        assertThat(said(metrics(1, 0.5, 0.5, 2, 3, 40, 2)))
                .singleElement()
                .asString()
                .startsWith("value-loss explosion");
    }

    @Test
    void aResumedRunRemembersHowItBegan() throws IOException {
        Path metrics = folder.resolve("metrics.jsonl");
        StringBuilder lines = new StringBuilder();
        for (int step = 1; step <= FailureModes.WINDOW; step++) {
            lines.append(
                    "{\"step\":%d,\"kl\":2,\"entropy\":3,\"length\":40,\"value_loss\":0.1,\"learned_reward\":0.5,\"rule_score\":0.5}\n"
                            .formatted(step));
        }
        Files.writeString(metrics, lines);
        FailureModes modes = FailureModes.read(metrics);
        List<String> said = new ArrayList<>();
        for (int i = 0; i < FailureModes.WINDOW; i++) {
            said.addAll(modes.after(metrics(11 + i, 0.5, 0.5, 2, 0.5, 40, 0.1)));
        }
        assertThat(said).singleElement().asString().startsWith("entropy collapse");
    }
}
