package io.apus.jobs.data;

import io.apus.hub.Hub;
import io.apus.hub.HubName;
import io.apus.hub.RepoFolder;
import io.apus.hub.repo.RepoKind;
import io.apus.hub.select.DatasetFiles;
import io.apus.jobs.launch.DownloadProgress;
import io.apus.jobs.launch.Progress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Datasets from the hubs, through the caches of their Python clients; executors must see the cache under the same path. */
final class HubRepositories implements Repositories {
    private final Map<String, String> env;
    private final Progress progress;

    /** @param env the process's environment, see {@link Hub#of(String, Map)} */
    HubRepositories(Map<String, String> env, Progress progress) {
        this.env = env;
        this.progress = progress;
    }

    @Override
    public String usualHub() {
        return HubName.parse("", env).hub();
    }

    @Override
    public List<String> files(Wanted wanted) {
        DownloadProgress bar = new DownloadProgress("download " + wanted.id(), progress, progress::end);
        RepoFolder folder = Hub.of(wanted.hub(), env)
                .snapshot(
                        RepoKind.DATASET,
                        wanted.id(),
                        wanted.revision(),
                        DatasetFiles.of(wanted.subset(), wanted.split()),
                        bar);
        return folder.paths().stream().map(Path::toString).toList();
    }
}
