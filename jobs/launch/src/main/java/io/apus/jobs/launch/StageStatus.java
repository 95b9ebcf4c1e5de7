package io.apus.jobs.launch;

import io.apus.schemas.manifest.Manifest;
import java.util.List;
import java.util.Optional;

/**
 * Where a stage stands before a run.
 *
 * @param stage the stage
 * @param manifest its commit, if it has one
 * @param stale true when a stage that it read was run again since, or will be
 * @param differences settings that are not those of the commit
 */
public record StageStatus(Stage stage, Optional<Manifest> manifest, boolean stale, List<String> differences) {
    /** True when the commit stands and nothing is to be done. */
    public boolean isCommitted() {
        return manifest.isPresent() && !stale && differences.isEmpty();
    }

    /** True when the commit stands in the way: it was made with other settings. */
    public boolean isRefused() {
        return manifest.isPresent() && !stale && !differences.isEmpty();
    }

    /** One or two words: committed, changed, outdated, to do. */
    public String word() {
        if (manifest.isEmpty()) {
            return "to do";
        }
        return stale ? "outdated" : differences.isEmpty() ? "committed" : "changed";
    }
}
