package dev.mynah.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code mynah train}: the stages of training. */
@Command(
        name = "train",
        description = "Train a model, a stage at a time.",
        subcommands = {
            PretrainCommand.class,
            SftCommand.class,
            RewardCommand.class,
            DpoCommand.class,
            PpoCommand.class,
            GrpoCommand.class,
            TamerCommand.class,
            RoundsCommand.class,
            ClassifierCommand.class
        })
@SuppressWarnings("NullAway.Init") // picocli sets the field
final class TrainCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "Missing stage: one of " + String.join(", ", spec.subcommands().keySet()));
    }
}
