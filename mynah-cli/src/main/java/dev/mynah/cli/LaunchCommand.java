package dev.mynah.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code mynah launch}: the same training command in several processes, with the environment variables that torchrun gives. */
@Command(
        name = "launch",
        description = {
            "Train in several processes, on one machine or more.",
            "What the first process prints, such as the JSON object of --json, is printed.",
        },
        footer = {
            "",
            "Examples:",
            "  mynah launch --nproc 2 train pretrain --config pretrain.yaml --out runs/first",
            "  mynah launch --nproc 8 --nnodes 2 --node-rank 0 --master-addr 10.0.0.1 --master-port 29500 train pretrain ...",
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class LaunchCommand implements Callable<Integer> {
    private CommandSpec spec;

    @Option(names = "--nproc", required = true, paramLabel = "N", description = "Processes on this machine.")
    private int processes;

    @Option(
            names = "--nnodes",
            defaultValue = "1",
            paramLabel = "N",
            description = "Machines that take part, each with as many processes (default: ${DEFAULT-VALUE}).")
    private int nodes;

    @Option(
            names = "--node-rank",
            defaultValue = "0",
            paramLabel = "R",
            description = "The number of this machine, from 0 on (default: ${DEFAULT-VALUE}).")
    private int nodeRank;

    @Option(
            names = "--master-addr",
            paramLabel = "A",
            description = "Name or address of machine 0; needed with more than one machine.")
    private @Nullable String masterAddress;

    @Option(
            names = "--master-port",
            paramLabel = "P",
            description = "A free port of machine 0; needed with more than one machine.")
    private @Nullable Integer masterPort;

    @Parameters(arity = "1..*", paramLabel = "COMMAND", description = "The command: train, with its own arguments.")
    private List<String> command;

    /** What follows the command's name belongs to the command. */
    @Spec
    void spec(CommandSpec own) {
        spec = own;
        own.parser().stopAtPositional(true);
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        check();
        PrintWriter err = spec.commandLine().getErr();
        String address =
                masterAddress == null ? InetAddress.getLoopbackAddress().getHostAddress() : masterAddress;
        String port = Integer.toString(masterPort == null ? freePort() : masterPort);
        List<RankProcess> ranks = new CopyOnWriteArrayList<>();
        try (ProcessGroupGuard guard = new ProcessGroupGuard(ranks)) {
            for (int local = 0; local < processes; local++) {
                int rank = nodeRank * processes + local;
                Map<String, String> environment = Map.of(
                        "RANK", Integer.toString(rank),
                        "LOCAL_RANK", Integer.toString(local),
                        "WORLD_SIZE", Integer.toString(nodes * processes),
                        "LOCAL_WORLD_SIZE", Integer.toString(processes),
                        "MASTER_ADDR", address,
                        "MASTER_PORT", port);
                ranks.add(RankProcess.start(rank, processes, command, environment, err));
            }
            return guard.await(err);
        }
    }

    private void check() {
        require(command.getFirst().equals("train"), "launch starts train commands, not \"" + command.getFirst() + "\"");
        require(processes >= 1, "--nproc must be at least 1, not " + processes);
        require(nodes >= 1, "--nnodes must be at least 1, not " + nodes);
        require(nodeRank >= 0 && nodeRank < nodes, "--node-rank must lie in 0.." + (nodes - 1) + ", not " + nodeRank);
        require(
                nodes == 1 || (masterAddress != null && masterPort != null),
                "with more than one machine --master-addr and --master-port are needed");
        require(
                masterPort == null || (masterPort >= 1 && masterPort <= 65_535),
                "--master-port must lie in 1..65535, not " + masterPort);
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
