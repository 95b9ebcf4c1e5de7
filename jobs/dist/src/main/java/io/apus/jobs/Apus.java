package io.apus.jobs;

import io.apus.jobs.data.catalog.DatasetsCommand;
import io.apus.jobs.data.lineage.LineageCommand;
import io.apus.jobs.data.preview.PreviewCommand;
import io.apus.jobs.data.stream.StreamCommand;
import io.apus.jobs.eval.infer.InferCommand;
import io.apus.jobs.eval.models.ModelsCommand;
import io.apus.jobs.export.adapters.AdaptersCommand;
import io.apus.jobs.launch.command.Cli;
import java.util.List;

/** The command line {@code apus}. */
public final class Apus {
    private Apus() {}

    public static void main(String[] args) {
        List<Object> further = List.of(
                new InferCommand(),
                new DatasetsCommand(),
                new ModelsCommand(),
                new AdaptersCommand(),
                new PreviewCommand(),
                new LineageCommand(),
                new StreamCommand());
        System.exit(new Cli(Stages.inOrder(), further).execute(args));
    }
}
