package dev.mynah.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The {@code mynah} command. A further command is a class with {@code @Command}, named here. */
@Command(
        name = "mynah",
        description = "Train GPTs and talk to them.",
        mixinStandardHelpOptions = true,
        versionProvider = Mynah.Version.class,
        scope = ScopeType.INHERIT,
        subcommands = {
            BenchCommand.class,
            PlanCommand.class,
            ScalingCommand.class,
            GenerateCommand.class,
            ChatCommand.class,
            ScoreCommand.class,
            EvalCommand.class,
            TokenizerCommand.class,
            TrainCommand.class,
            LaunchCommand.class,
            RecipeCommand.class,
            ConvertCommand.class,
            PullCommand.class,
            ServeCommand.class,
            AdminCommand.class,
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
public final class Mynah implements Runnable {
    @Spec
    private CommandSpec spec;

    @Option(names = "--debug", scope = ScopeType.INHERIT, description = "Show where in the program an error came from.")
    private boolean debug;

    /** Runs the command and ends the process with its exit code. */
    public static void main(String[] args) {
        CommandLine commandLine = commandLine(writer(FileDescriptor.out), writer(FileDescriptor.err));
        int exitCode = execute(commandLine, args);
        commandLine.getOut().flush();
        commandLine.getErr().flush();
        System.exit(exitCode);
    }

    /** picocli itself handles exceptions, but not errors such as a lack of memory. */
    private static int execute(CommandLine commandLine, String[] args) {
        try {
            return commandLine.execute(args);
        } catch (Error e) {
            return Failures.report(e, commandLine.getErr(), isDebugByEnvironment());
        }
    }

    boolean isDebug() {
        return debug || isDebugByEnvironment();
    }

    private static boolean isDebugByEnvironment() {
        return "1".equals(System.getenv("MYNAH_DEBUG"));
    }

    /** The command with its output going to {@code out} and {@code err}. */
    static CommandLine commandLine(PrintWriter out, PrintWriter err) {
        CommandLine command = new CommandLine(new Mynah());
        // Here and not in the annotation, whose footer every command without one would have.
        command.getCommandSpec()
                .usageMessage()
                .footer(
                        "",
                        "The launcher has one command more:",
                        "  test       Build Mynah and run its tests; mynah test --help tells more.");
        return command.setOut(out)
                .setErr(err)
                // @FILE is the commands' own: a text that is read from a file.
                .setExpandAtFiles(false)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpAutoWidth(true)
                .setAbbreviatedOptionsAllowed(false)
                .setParameterExceptionHandler(Failures::badUsage)
                .setExecutionExceptionHandler(Failures::failed);
    }

    /** Text is UTF-8 whatever the locale. */
    private static PrintWriter writer(FileDescriptor descriptor) {
        return new PrintWriter(new OutputStreamWriter(new FileOutputStream(descriptor), StandardCharsets.UTF_8), true);
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Missing command");
    }

    /** The version that the build wrote into the jar. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Mynah.class.getPackage().getImplementationVersion();
            return new String[] {"mynah " + (version == null ? "development" : version)};
        }
    }
}
