package io.apus.jobs.eval.models;

import io.apus.jobs.launch.ConfFolder;
import io.apus.jobs.launch.catalog.ModelCatalog;
import io.apus.schemas.Registry;
import io.apus.schemas.UserError;
import io.apus.schemas.catalog.ModelEntry;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code apus models}: which published models are known, and which of them can be trained. */
@Command(
        name = "models",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Lists the published text models: family, chat template, context length, whether they load.",
        subcommands = {ShowModelCommand.class, CheckModelCommand.class})
public final class ModelsCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(
            arity = "0..1",
            paramLabel = "WORD",
            description = "only those that have it in id, family, architecture, template or kind")
    private String word;

    @Option(names = "--family", paramLabel = "NAME", description = "only those of a model_type or an architecture")
    private String family;

    @Option(
            names = "--covered",
            arity = "1",
            paramLabel = "true|false",
            description = "only those that load, or only those that do not")
    private Boolean covered;

    @Option(names = "--summary", description = "count them by architecture instead")
    private boolean summary;

    @Override
    public Integer call() {
        ModelCatalog catalog = catalog();
        List<ModelEntry> wanted = catalog.entries().stream()
                .filter(entry -> word == null || entry.has(word))
                .filter(entry -> family == null || isOf(entry, family))
                .filter(entry -> covered == null || covered == Coverage.of(entry))
                .toList();
        if (wanted.isEmpty() && family != null && catalog.entries().stream().noneMatch(e -> isOf(e, family))) {
            throw unknownFamily(catalog);
        }
        ModelTable table = new ModelTable(wanted);
        PrintWriter out = spec.commandLine().getOut();
        (summary ? table.summary() : table.lines()).forEach(out::println);
        out.flush();
        return 0;
    }

    static ModelCatalog catalog() {
        return new ModelCatalog(ConfFolder.find(Optional.empty()));
    }

    private static boolean isOf(ModelEntry entry, String family) {
        return entry.modelType().equals(family) || entry.architectures().contains(family);
    }

    private UserError unknownFamily(ModelCatalog catalog) {
        List<String> known = new ArrayList<>(catalog.modelTypes());
        catalog.entries().forEach(entry -> known.addAll(entry.architectures()));
        return new UserError(
                "Unknown family",
                "\"" + family + "\" is neither a model_type nor an architecture of the catalog",
                "Did you mean \"" + Registry.nearest(family, known) + "\"? \"apus models --summary\" lists all.");
    }
}
