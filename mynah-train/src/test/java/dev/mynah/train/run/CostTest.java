package dev.mynah.train.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CostTest {
    @Test
    void costIsToldInTheUnitsOfTheField() {
        Cost gpt3 = new Cost(3.14e23, 3600, 500);
        assertThat(gpt3.pfDays()).isCloseTo(3634, within(1.0));
        assertThat(gpt3.kWh()).isEqualTo(0.5);
    }

    @Test
    void powerIsAsConfiguredOrAnAssumptionThatSaysSo() {
        assertThat(Power.of(65.0, 0, 2)).isEqualTo(new Power(65, "as configured"));
        assertThat(Power.of(null, 0, 2).watts()).isEqualTo(20);
        assertThat(Power.of(null, 4, 2).watts()).isEqualTo(2800);
        assertThat(Power.of(null, 4, 2).source()).startsWith("assumed: ");
    }

    @Test
    void theMachineIsReadFromProc(@TempDir Path proc) throws IOException {
        Files.write(
                proc.resolve("cpuinfo"),
                List.of("processor\t: 0", "model name\t: Some CPU @ 3 GHz", "model name\t: other"));
        Files.write(proc.resolve("meminfo"), List.of("MemTotal:       24540704 kB", "MemFree: 1 kB"));
        MachineInfo machine = MachineInfo.detect(proc);
        assertThat(machine.cpu()).isEqualTo("Some CPU @ 3 GHz");
        assertThat(machine.memoryBytes()).isEqualTo(24540704L * 1024);
        assertThat(machine.cores()).isPositive();
        MachineInfo elsewhere = MachineInfo.detect(proc.resolve("none"));
        assertThat(elsewhere.cpu()).isEqualTo(System.getProperty("os.arch"));
        assertThat(elsewhere.memoryBytes()).isNull();
    }
}
