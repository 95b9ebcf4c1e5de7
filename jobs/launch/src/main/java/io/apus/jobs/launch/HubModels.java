package io.apus.jobs.launch;

import io.apus.hub.Hub;
import io.apus.hub.HubName;
import io.apus.hub.repo.RepoKind;
import io.apus.hub.select.FileSelection;
import io.apus.schemas.spec.ModelSpec;
import io.apus.schemas.spec.RunSpec;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Models and adapters that are named by their id on a hub instead of a folder: brought here, or found in the cache of the hub's Python
 * client. Executors must see that cache under the same path, as they must the run folder.
 */
public final class HubModels {
    private static final String NAME = "[A-Za-z0-9][\\w.-]*";
    private static final Pattern MARKED = Pattern.compile("(hf|ms)::.*");
    private static final Pattern ID = Pattern.compile(NAME + "/" + NAME);

    private final Map<String, String> env;
    private final Progress progress;
    private final FileSelection files;

    /**
     * @param env the process's environment, see {@link Hub#of(String, Map)}
     * @param files which files of a model are needed
     */
    public HubModels(Map<String, String> env, Progress progress, FileSelection files) {
        this.env = env;
        this.progress = progress;
        this.files = files;
    }

    /** The run with folders in place of ids. */
    public RunSpec of(RunSpec spec) {
        ModelSpec model = spec.model();
        return spec.withModel(model.located(
                model.model() == null ? null : folder(model.model(), model.modelRevision()),
                model.adapters().stream().map(name -> folder(name, null)).toList()));
    }

    /** The folder of a model; what is a path here, or no id, stays as it is. */
    public String folder(String name, String revision) {
        if (!isId(name)) {
            return name;
        }
        HubName asked = HubName.parse(name, env);
        DownloadProgress bar = new DownloadProgress("download " + asked.id(), progress, progress::end);
        return Hub.of(asked.hub(), env)
                .snapshot(RepoKind.MODEL, asked.id(), revision, files, bar)
                .folder()
                .toString();
    }

    /** {@code a/b} is a mistyped path rather than an id where there is a folder {@code a} here. */
    private static boolean isId(String name) {
        if (MARKED.matcher(name).matches()) {
            return true;
        }
        return ID.matcher(name).matches() && !exists(name) && !exists(name.substring(0, name.indexOf('/')));
    }

    private static boolean exists(String path) {
        try {
            return Files.exists(Path.of(path));
        } catch (InvalidPathException e) {
            return false;
        }
    }
}
