package io.apus.jobs.launch.command;

import io.apus.hub.Hub;
import io.apus.hub.HubName;
import io.apus.hub.RepoFolder;
import io.apus.hub.repo.RepoFile;
import io.apus.hub.repo.RepoKind;
import io.apus.hub.select.DatasetFiles;
import io.apus.hub.select.FileSelection;
import io.apus.hub.select.GlobFiles;
import io.apus.hub.select.ModelFiles;
import io.apus.jobs.launch.ConsoleProgress;
import io.apus.jobs.launch.DownloadProgress;
import io.apus.schemas.UserError;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code apus download}: brings a model or a dataset into the cache and prints its folder last. */
@Command(
        name = "download",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Downloads a model, or a dataset, into the cache of its hub's Python client and prints the folder.")
final class DownloadCommand implements Callable<Integer> {
    private final PrintStream out;
    private final Map<String, String> env;

    @Parameters(paramLabel = "[hf::|ms::]ID", description = "owner/name; ModelScope without a prefix, unless USE_HF=1")
    private String name;

    @Option(names = "--dataset", description = "it is a dataset")
    private boolean dataset;

    @Option(names = "--revision", paramLabel = "REV", defaultValue = "", description = "branch, tag or commit")
    private String revision;

    @Option(
            names = "--subset",
            defaultValue = "",
            description = "a dataset's subset, or all; its default when left out")
    private String subset;

    @Option(names = "--split", defaultValue = "", description = "a dataset's split; all of them when left out")
    private String split;

    @Option(
            names = "--include",
            paramLabel = "GLOB",
            description =
                    "files by pattern (* crosses folders) instead of what a model or the subset needs; may be repeated")
    private List<String> include = new ArrayList<>();

    @Option(names = "--exclude", paramLabel = "GLOB", description = "files to leave out; may be repeated")
    private List<String> exclude = new ArrayList<>();

    DownloadCommand(PrintStream out, Map<String, String> env) {
        this.out = out;
        this.env = env;
    }

    @Override
    public Integer call() {
        HubName asked = HubName.parse(name, env);
        RepoKind kind = dataset ? RepoKind.DATASET : RepoKind.MODEL;
        ConsoleProgress bar = bar();
        DownloadProgress progress = new DownloadProgress("download " + asked.id(), bar, out::println);
        RepoFolder folder = Hub.of(asked.hub(), env).snapshot(kind, asked.id(), revision, selection(), progress);
        bar.end("");
        long bytes = folder.files().stream().mapToLong(RepoFile::size).sum();
        out.println(folder.files().size() + " files, " + DownloadProgress.size(bytes) + ", at " + folder.commit());
        out.println(folder.folder());
        return 0;
    }

    private ConsoleProgress bar() {
        int width = Integer.getInteger("apus.columns", 100);
        return new ConsoleProgress(out, Boolean.getBoolean("apus.terminal"), width, System::nanoTime, phase -> {});
    }

    private FileSelection selection() {
        if (!dataset && (!subset.isEmpty() || !split.isEmpty())) {
            throw new UserError("Cannot download " + name, "a model has no subset and no split", "Add --dataset.");
        }
        if (!include.isEmpty() || !exclude.isEmpty()) {
            return GlobFiles.of(include, exclude);
        }
        return dataset ? DatasetFiles.of(subset, split) : ModelFiles.all();
    }
}
