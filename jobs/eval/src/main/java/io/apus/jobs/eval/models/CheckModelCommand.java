package io.apus.jobs.eval.models;

import io.apus.jobs.launch.Failures;
import io.apus.jobs.launch.catalog.ModelCatalog;
import io.apus.schemas.UserError;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code apus models check FOLDER}: why a folder loads or does not. */
@Command(
        name = "check",
        mixinStandardHelpOptions = true,
        description = "Says why a model's folder loads or does not, without loading it; 0 if it does, 2 if not.")
final class CheckModelCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "FOLDER|ID", description = "folder of a Hugging Face model, or an id of the catalog")
    private String name;

    @Override
    public Integer call() {
        ModelCatalog catalog = ModelsCommand.catalog();
        CheckReport report = isFolder() ? FolderCheck.of(Path.of(name), catalog) : ofId(catalog);
        PrintWriter out = spec.commandLine().getOut();
        report.lines().forEach(out::println);
        out.flush();
        return report.isGood() ? 0 : Failures.USER_ERROR;
    }

    private boolean isFolder() {
        try {
            return Files.isDirectory(Path.of(name));
        } catch (InvalidPathException e) {
            return false;
        }
    }

    /** What can be said of a model that is not here. */
    private CheckReport ofId(ModelCatalog catalog) {
        if (catalog.named(name).isEmpty() && (name.startsWith(".") || name.startsWith("/"))) {
            throw new UserError("Cannot check " + name, "it is no folder", "Give the folder that holds config.json.");
        }
        return FolderCheck.of(catalog.entry(name));
    }
}
