package io.apus.jobs.export.adapters;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code apus adapters}: looks at PEFT adapters, makes one of several, folds them into a model. */
@Command(
        name = "adapters",
        mixinStandardHelpOptions = true,
        description = "Shows adapters, makes one of several, folds them into a model.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {MergeAdaptersCommand.class, ShowAdapterCommand.class})
public final class AdaptersCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new CommandLine.ParameterException(
                spec.commandLine(), "Give a command: merge or show. See apus adapters --help.");
    }
}
