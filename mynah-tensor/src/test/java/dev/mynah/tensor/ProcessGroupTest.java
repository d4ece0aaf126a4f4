package dev.mynah.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessGroupTest {

    @TempDir
    private Path folder;

    @Test
    void ranksShareTensorsAndNoticeADeath() throws Exception {
        int port = freePort();
        Process second = startPeer(port, 1, 3);
        Process third = startPeer(port, 2, 3);
        try (ProcessGroup group = ProcessGroup.connect("127.0.0.1", port, 0, 3, Duration.ofMinutes(5));
                Scope scope = Scope.open()) {
            Tensor tensor = Tensor.of(new float[] {1, 10});
            group.allReduceSum(tensor);
            assertThat(tensor.toFloats()).containsExactly(1 + 2 + 3, 10 + 20 + 30);
            group.broadcast(tensor, 0);

            third.destroyForcibly().waitFor();
            Instant died = Instant.now();
            assertThatThrownBy(() -> group.allReduceSum(Tensor.of(new float[] {1})))
                    .isInstanceOf(TensorException.class)
                    .hasMessageStartingWith("all-reduce on rank 0(F32[1]): ");
            assertThat(Duration.between(died, Instant.now())).isLessThan(Duration.ofSeconds(30));
            assertThat(second.waitFor())
                    .as("the surviving peer ends with an error of its own")
                    .isEqualTo(3);
            assertThat(Files.readString(folder.resolve("rank-1"))).isEqualTo("6.0");
            assertThat(folder.resolve("out-1")).hasContent("the peer's own words");
        } finally {
            second.destroyForcibly();
            third.destroyForcibly();
        }
    }

    private Process startPeer(int port, int rank, int size) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Peer.class.getName(),
                String.valueOf(port),
                String.valueOf(rank),
                String.valueOf(size),
                folder.resolve("rank-" + rank).toString()));
        return new ProcessBuilder(command)
                .redirectError(new File(folder.toFile(), "log-" + rank))
                .redirectOutput(new File(folder.toFile(), "out-" + rank))
                .start();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Another rank: takes part until a peer dies, then ends with status 3. */
    static final class Peer {
        public static void main(String[] args) throws IOException {
            int rank = Integer.parseInt(args[1]);
            try (ProcessGroup group = ProcessGroup.connect(
                            "127.0.0.1",
                            Integer.parseInt(args[0]),
                            rank,
                            Integer.parseInt(args[2]),
                            Duration.ofMinutes(5));
                    Scope scope = Scope.open()) {
                System.out.println("the peer's own words");
                Tensor tensor = Tensor.of(new float[] {rank + 1, 10 * (rank + 1)});
                group.allReduceSum(tensor);
                group.broadcast(tensor, 0);
                Files.writeString(Path.of(args[3]), String.valueOf(tensor.toFloats()[0]));
                group.allReduceSum(tensor);
            } catch (TensorException e) {
                System.exit(3);
            }
        }
    }
}
