package io.apus.jobs.data.catalog;

import io.apus.jobs.launch.ConfFolder;
import io.apus.schemas.catalog.DatasetEntry;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code apus datasets}: what the catalog knows. */
@Command(
        name = "datasets",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Lists the datasets that can be asked for by name.",
        subcommands = ShowDatasetCommand.class)
public final class DatasetsCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(
            arity = "0..1",
            paramLabel = "WORD",
            description = "only those that have it in id, hub id, tags or help")
    private String word;

    @Option(names = "--summary", description = "count them by shape and kind of mapping instead")
    private boolean summary;

    @Override
    public Integer call() {
        DatasetCatalog catalog = catalog();
        PrintWriter out = spec.commandLine().getOut();
        List<DatasetEntry> entries = catalog.entries();
        DatasetTable table = new DatasetTable(word == null ? entries : matching(entries, word));
        (summary ? table.summary() : table.lines()).forEach(out::println);
        out.flush();
        return 0;
    }

    static DatasetCatalog catalog() {
        Path conf = ConfFolder.find(Optional.empty());
        return new DatasetCatalog(conf);
    }

    private static List<DatasetEntry> matching(List<DatasetEntry> entries, String word) {
        return entries.stream().filter(entry -> DatasetTable.has(entry, word)).toList();
    }
}
