package io.apus.hub.repo;

import io.apus.schemas.UserError;
import java.util.regex.Pattern;

/**
 * A repository on a hub.
 *
 * <p>Names follow huggingface_hub's {@code utils/_validators.py}: one or two parts of letters, digits, {@code -}, {@code _} and
 * {@code .}; {@code --} and {@code ..} are refused because cache folders are named {@code models--owner--name}.
 *
 * @param name {@code owner/name}, or {@code name} alone for the oldest ones
 */
public record RepoId(RepoKind kind, String name) {
    private static final Pattern NAME = Pattern.compile("(?:[A-Za-z0-9_][\\w.-]{0,95}/)?[A-Za-z0-9_][\\w.-]{0,95}");

    public RepoId {
        if (!NAME.matcher(name).matches() || name.contains("--") || name.contains("..") || name.endsWith(".git")) {
            throw new UserError(
                    "Cannot use the " + kind.word() + " id " + RepoPath.shown(name),
                    "it is not owner/name of letters, digits, \"-\", \"_\" and \".\"",
                    "Copy it from the hub's page, or give a folder that exists.");
        }
    }

    /** The name as one folder, e.g. {@code Qwen--Qwen3-0.6B}. */
    public String folder() {
        return name.replace("/", "--");
    }

    /** As a sentence says it, e.g. "model Qwen/Qwen3-0.6B". */
    @Override
    public String toString() {
        return kind.word() + " " + name;
    }
}
