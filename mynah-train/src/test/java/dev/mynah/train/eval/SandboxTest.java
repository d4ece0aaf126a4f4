package dev.mynah.train.eval;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mynah.train.eval.Sandbox.Outcome;
import dev.mynah.train.eval.Sandbox.Result;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Programs that try to get out, or to take all there is. */
@EnabledOnOs(OS.LINUX)
class SandboxTest {
    private static Sandbox sandbox;

    @TempDir
    private Path folder;

    @BeforeAll
    static void open() throws IOException {
        sandbox = Sandbox.open(Duration.ofHours(1));
    }

    private static Result run(String program) throws IOException {
        return sandbox.run(program);
    }

    @Test
    void aProgramComputesWritesAndFails() throws IOException {
        Result right = run("""
                import math, json, re, collections, itertools, tempfile
                with tempfile.TemporaryFile("w") as f: f.write("kept for a moment")
                open("note.txt", "w").write("scratch")
                print(math.comb(5, 2), open("/scratch/note.txt").read())
                """);
        assertThat(right).isEqualTo(new Result(Outcome.PASSED, "10 scratch\n"));
        assertThat(run("import os; print(os.listdir('/scratch'))").output()).isEqualTo("[]\n");
        assertThat(run("assert 1 == 2").outcome()).isEqualTo(Outcome.FAILED);
        assertThat(run("print(").output()).contains("SyntaxError");
    }

    @Test
    void thereIsNoNetwork() throws IOException {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Result result = run("""
                    import socket
                    try:
                        socket.create_connection(("127.0.0.1", %d), 2)
                        print("connected")
                    except OSError as e:
                        print("refused", e)
                    """.formatted(server.getLocalPort()));
            assertThat(result.output()).startsWith("refused").contains("unreachable");
        }
    }

    @Test
    void filesOutsideAreNotSeenAndNothingShownCanBeChanged() throws IOException {
        Path secret = Files.writeString(folder.resolve("secret.txt"), "secret");
        Result result = run("""
                import os, sys
                for path in [%s, "/etc/passwd", "/proc/1/environ", "/old"]:
                    print(os.path.exists(path))
                for path in ["/usr/x", sys.base_prefix + "/x", "/x", "/dev/x", "/bin/sh"]:
                    try:
                        open(path, "a").close(); print("wrote", path)
                    except OSError as e:
                        print("refused")
                """.formatted(JsonMapper.shared().writeValueAsString(secret.toString())));
        assertThat(result.output()).isEqualTo("False\n".repeat(4) + "refused\n".repeat(5));
        assertThat(Files.readString(secret)).isEqualTo("secret");
    }

    /** By the ways that root in a namespace of its own would have. */
    @Test
    void noPowersAreLeftAndNoneCanBeGained() throws IOException {
        Result result = run("""
                import ctypes, os, subprocess
                libc = ctypes.CDLL(None, use_errno=True)
                MS_REMOUNT, MS_BIND = 32, 4096
                print(libc.mount(b"none", b"/usr", None, MS_REMOUNT | MS_BIND, None))
                print(libc.mount(b"tmpfs", b"/scratch", b"tmpfs", 0, None))
                print(libc.chroot(b"/scratch"))
                print(libc.unshare(0x00020000))  # CLONE_NEWNS
                print(libc.sethostname(b"x", 1))
                try:
                    os.mknod("/scratch/disk", 0o60600, os.makedev(8, 0)); print("device")
                except OSError:
                    print("no device")
                print([p for p in os.environ if p not in ("PATH", "HOME", "TMPDIR", "LANG", "LC_CTYPE")])
                """);
        assertThat(result.output()).isEqualTo("-1\n".repeat(5) + "no device\n[]\n");
    }

    @Test
    void aForkBombIsStoppedByTheNumberOfProcesses() throws IOException {
        Result result = run("""
                import os, time
                started = 0
                try:
                    while started < 1000:
                        if os.fork() == 0:
                            time.sleep(600)
                        started += 1
                except OSError as e:
                    print("stopped", started < 32)
                """);
        assertThat(result).isEqualTo(new Result(Outcome.PASSED, "stopped True\n"));
    }

    @Test
    void memoryAndScratchAreLimited() throws IOException {
        assertThat(run("""
                try:
                    bytearray(4 << 30); print("got it")
                except MemoryError:
                    print("no memory")
                try:
                    with open("big", "wb") as f:
                        for _ in range(1024): f.write(bytes(1 << 20))
                    print("wrote it")
                except OSError:
                    print("no room")
                """).output()).startsWith("no memory\n").doesNotContain("wrote it");
    }

    @Test
    void whoRunsOnForeverIsEnded() throws IOException {
        assertThat(run("while True: pass").outcome()).isEqualTo(Outcome.FAILED); // by its CPU time
        Sandbox impatient = Sandbox.open(Duration.ofSeconds(2));
        assertThat(impatient.run("import time; time.sleep(3600)").outcome()).isEqualTo(Outcome.TIMED_OUT);
    }

    @Test
    void endlessOutputIsCut() throws IOException {
        Result result = run("while True: print('x' * 1000)");
        assertThat(result.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(result.output()).hasSize(64 << 10);
    }

    /** The problem of the public example, with its own solution and with a wrong one. */
    @Test
    void programsOfHumanEvalAreJudgedByTheirTests() throws IOException {
        JsonNode record = JsonMapper.shared().readTree("""
                {"task_id": "test/0", "prompt": "def return1():\\n", "canonical_solution": "    return 1",
                 "test": "def check(candidate):\\n    assert candidate() == 1", "entry_point": "return1"}""");
        Programs.Problem problem = HumanEval.problem(record, false);
        assertThat(run(problem.program().apply("    return 1")).outcome()).isEqualTo(Outcome.PASSED);
        assertThat(run(problem.program().apply("    return 2")).outcome()).isEqualTo(Outcome.FAILED);
        Programs.Problem asked = HumanEval.problem(record, true);
        assertThat(run(asked.program().apply("Here it is:\n```python\ndef return1():\n    return 1\n```\nDone."))
                        .outcome())
                .isEqualTo(Outcome.PASSED);
    }
}
