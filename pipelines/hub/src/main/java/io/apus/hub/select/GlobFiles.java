package io.apus.hub.select;

import io.apus.hub.repo.RepoFile;
import io.apus.schemas.UserError;
import java.util.List;

/** Files by the user's own patterns: those that fit one of {@code allow} and none of {@code ignore}. */
public final class GlobFiles implements FileSelection {
    private final List<String> allowed;
    private final List<Glob> allow;
    private final List<Glob> ignore;

    private GlobFiles(List<String> allow, List<String> ignore) {
        this.allowed = List.copyOf(allow);
        this.allow = allow.stream().map(Glob::anywhere).toList();
        this.ignore = ignore.stream().map(Glob::anywhere).toList();
    }

    /** Patterns as huggingface_hub's {@code allow_patterns} and {@code ignore_patterns}; no {@code allow} means all. */
    public static GlobFiles of(List<String> allow, List<String> ignore) {
        return new GlobFiles(allow, ignore);
    }

    @Override
    public List<RepoFile> choose(RepoFiles repo) {
        List<RepoFile> chosen = repo.files().stream()
                .filter(file -> allow.isEmpty() || any(allow, file))
                .filter(file -> !any(ignore, file))
                .toList();
        if (chosen.isEmpty()) {
            throw new UserError(
                    "Cannot download the " + repo.repo(),
                    "none of its " + repo.files().size() + " files fits "
                            + (allow.isEmpty() ? "*" : String.join(" ", allowed)),
                    "In patterns * matches across folders.");
        }
        return chosen;
    }

    private static boolean any(List<Glob> globs, RepoFile file) {
        return globs.stream().anyMatch(glob -> glob.matches(file.path()));
    }
}
