package io.apus.jobs;

import io.apus.jobs.data.lineage.LineageCommand;
import io.apus.jobs.data.stream.StreamCommand;
import io.apus.jobs.eval.infer.InferCommand;
import io.apus.jobs.launch.command.Cli;
import java.util.List;

/** The command line {@code apus}. */
public final class Apus {
    private Apus() {}

    public static void main(String[] args) {
        System.exit(new Cli(Stages.inOrder(), List.of(new InferCommand(), new LineageCommand(), new StreamCommand()))
                .execute(args));
    }
}
