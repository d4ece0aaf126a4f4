package dev.mynah.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MynahTest {
    @Test
    void theHelpNamesWhatTheLauncherAdds() {
        assertThat(Cli.run("--help").out()).contains("mynah test --help");
        assertThat(Cli.run("convert", "--help").out()).doesNotContain("mynah test");
        assertThat(Cli.run("train", "--help").out()).doesNotContain("mynah test");
    }

    @Test
    void printedCommandsAreCalledAsTheLauncherWas() {
        System.setProperty("mynah.command", "/opt/my birds/mynah");
        try {
            assertThat(Home.command("chat", "-m", "runs/poet/model"))
                    .isEqualTo("\"/opt/my birds/mynah\" chat -m runs/poet/model");
        } finally {
            System.clearProperty("mynah.command");
        }
        assertThat(Home.command("chat", "-p", "Who are you?")).isEqualTo("mynah chat -p \"Who are you?\"");
    }
}
