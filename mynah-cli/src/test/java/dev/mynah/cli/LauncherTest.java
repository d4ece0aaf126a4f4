package dev.mynah.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./mynah} in a folder of its own, with a Maven that only writes down what it was asked for. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "mynah.cmd is another script")
class LauncherTest {
    @TempDir
    private Path root;

    private Path jar;

    @BeforeEach
    void prepare() throws IOException {
        Files.copy(Path.of("..", "mynah"), root.resolve("mynah"));
        Path maven = Files.writeString(root.resolve("mvnw"), "#!/bin/sh\necho \"$@\" >>asked\n");
        assertThat(maven.toFile().setExecutable(true)).isTrue();
        jar = root.resolve("mynah-text/target/mynah-text.jar");
        Files.createDirectories(jar.getParent());
        Files.writeString(jar, "a jar");
    }

    private record Ended(int exitCode, String output) {}

    private Ended mynah(String... arguments) throws Exception {
        List<String> command =
                new ArrayList<>(List.of("bash", root.resolve("mynah").toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().remove("MAVEN_ARGS");
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(process.waitFor(), output);
    }

    @Test
    void helpBuildsNothing() throws Exception {
        Ended help = mynah("test", "--help");

        assertThat(help.exitCode()).as(help.output()).isZero();
        assertThat(help.output()).startsWith("Usage: mynah test");
        assertThat(root.resolve("asked")).doesNotExist();
        assertThat(jar).hasContent("a jar");
    }

    @Test
    void aPartOfTheTestsLeavesAllJarsAndIsNoWholeBuild() throws Exception {
        Object before = Files.readAttributes(jar, "unix:ino").get("ino");
        Ended part = mynah("test", "--without-browser", "-pl", "mynah-files");

        assertThat(part.exitCode()).as(part.output()).isZero();
        assertThat(root.resolve("asked")).hasContent("-B -ntp verify -DexcludedGroups=browser -pl mynah-files");
        assertThat(jar).hasContent("a jar");
        assertThat(Files.readAttributes(jar, "unix:ino").get("ino"))
                .as("whoever has the old file open keeps it")
                .isNotEqualTo(before);
        assertThat(root.resolve("target/mynah.built")).doesNotExist();

        assertThat(mynah("test", "--without-browser").exitCode()).isZero();
        assertThat(root.resolve("target/mynah.built")).exists();
    }
}
