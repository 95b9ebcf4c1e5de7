package io.apus.schemas.manifest;

import java.util.List;
import java.util.Map;

/**
 * What one stage did; written last, so that its presence means that the stage is committed.
 *
 * @param stage name of the stage
 * @param commit unique name of this commit; the stages behind it pin it
 * @param configuration the stage's settings as "section.option" to text, everything that decides its output
 * @param fingerprint SHA-256 (hex) of the configuration and the code version
 * @param seed the seed that decided every random choice
 * @param codeVersion version of Apus that wrote it
 * @param inputs the commits that were read, by stage name
 * @param outputs what was written
 * @param accounting rows in, kept and refused
 * @param facts further numbers of the stage (tokens, fill, parity error ...) by name
 * @param startedAt ISO-8601 instant
 * @param seconds wall-clock duration
 */
public record Manifest(
        String stage,
        String commit,
        Map<String, String> configuration,
        String fingerprint,
        long seed,
        String codeVersion,
        Map<String, String> inputs,
        List<Output> outputs,
        Accounting accounting,
        Map<String, Object> facts,
        String startedAt,
        double seconds) {
    /**
     * A table, folder or file that a stage wrote.
     *
     * @param name e.g. {@code samples}
     * @param path relative to the run's folder
     * @param version Delta version, or -1 where it is not a Delta table
     * @param rows number of rows, or -1
     * @param files size and SHA-256 of each file; empty for Delta tables, whose log says so
     */
    public record Output(String name, String path, long version, long rows, List<FileEntry> files) {}

    /** One file: path relative to the output's path, size in bytes, SHA-256 as hex. */
    public record FileEntry(String path, long bytes, String sha256) {}
}
