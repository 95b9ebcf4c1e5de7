package io.apus.spark.source;

import io.apus.corpus.ingest.DataFormat;
import io.apus.schemas.UserError;
import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Folders that are Delta tables, told by their log; the version is pinned when they are found. */
final class DeltaFolders {
    private static final String LOG = "_delta_log";
    private static final Pattern COMMIT = Pattern.compile("(\\d{20})\\.(json|checkpoint.*)");

    private DeltaFolders() {}

    static boolean isTable(FileSystem fileSystem, Path folder) throws IOException {
        return fileSystem.exists(new Path(folder, LOG));
    }

    /** The table at {@code folder}, at {@code version} or, where that is null, at its newest. */
    static SourceFile table(FileSystem fileSystem, Path folder, String dataset, Long version) throws IOException {
        long newest = newest(fileSystem, folder);
        if (newest < 0 || (version != null && version > newest)) {
            throw new UserError(
                    "Cannot read the dataset " + dataset,
                    newest < 0
                            ? folder + " has no commit in " + LOG
                            : "version " + version + " is not there yet: the newest of " + folder + " is " + newest,
                    "Check the path and the version.");
        }
        long bytes = fileSystem.getContentSummary(folder).getLength()
                - fileSystem.getContentSummary(new Path(folder, LOG)).getLength();
        String path = folder.toUri().toString();
        return new SourceFile(path, DataFormat.PARQUET, bytes, version == null ? newest : version);
    }

    private static long newest(FileSystem fileSystem, Path folder) throws IOException {
        long newest = -1;
        for (FileStatus status : fileSystem.listStatus(new Path(folder, LOG))) {
            Matcher commit = COMMIT.matcher(status.getPath().getName());
            if (commit.matches()) {
                newest = Math.max(newest, Long.parseLong(commit.group(1)));
            }
        }
        return newest;
    }
}
