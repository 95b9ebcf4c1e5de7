package io.apus.spark.source;

import io.apus.corpus.ingest.DataFormat;
import io.apus.schemas.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Finds the files of a dataset, in the order of their paths: a file, a folder (its data files, at any depth; hidden files and those
 * that begin with an underscore are left out) or a glob, on any file system that Hadoop knows. A name that exists is never a glob.
 */
public final class SourceFiles {
    private static final List<String> ENDINGS = List.of(".json", ".jsonl", ".csv", ".parquet", ".txt");

    private final Configuration configuration;

    public SourceFiles(Configuration configuration) {
        this.configuration = configuration;
    }

    /** The dataset's files; a {@link UserError} where there are none. */
    public List<SourceFile> of(SourceDataset dataset) {
        TreeMap<String, SourceFile> files = new TreeMap<>(Comparator.naturalOrder());
        for (String pattern : dataset.patterns()) {
            List<SourceFile> found = find(dataset.name(), pattern);
            if (found.isEmpty()) {
                throw missing(dataset.name(), pattern);
            }
            found.forEach(file -> files.put(file.path(), file));
        }
        return List.copyOf(files.values());
    }

    private static UserError missing(String dataset, String pattern) {
        String here = java.nio.file.Path.of("").toAbsolutePath().toString();
        return new UserError(
                "Cannot read the dataset " + dataset,
                "no file is or matches " + pattern,
                "Give a json, jsonl, csv, parquet or txt file, a folder or a glob of them; relative paths start at "
                        + here + ".");
    }

    private List<SourceFile> find(String dataset, String pattern) {
        try {
            Path path = path(pattern);
            FileSystem fileSystem = path.getFileSystem(configuration);
            FileStatus[] statuses = fileSystem.exists(path)
                    ? new FileStatus[] {fileSystem.getFileStatus(path)}
                    : fileSystem.globStatus(path);
            List<SourceFile> files = new ArrayList<>();
            for (FileStatus status : statuses == null ? new FileStatus[0] : statuses) {
                add(fileSystem, status, true, files);
            }
            return files;
        } catch (IllegalArgumentException e) {
            throw new UserError(
                    "Cannot read the dataset " + dataset, pattern + " is no path: " + e.getMessage(), "Check it.", e);
        } catch (IOException e) {
            throw new UserError(
                    "Cannot read the dataset " + dataset,
                    pattern + ": " + e.getMessage(),
                    "Check the path and your access to it.",
                    e);
        }
    }

    /** A local name may hold what Hadoop takes for a scheme or a wildcard, so what exists is taken literally. */
    private static Path path(String pattern) {
        try {
            java.nio.file.Path local = java.nio.file.Path.of(pattern);
            if (Files.exists(local)) {
                return new Path(local.toAbsolutePath().normalize().toUri());
            }
        } catch (InvalidPathException e) {
            return new Path(pattern);
        }
        return new Path(pattern);
    }

    private static void add(FileSystem fileSystem, FileStatus status, boolean named, List<SourceFile> files)
            throws IOException {
        String name = status.getPath().getName();
        if (!named && (name.startsWith(".") || name.startsWith("_"))) {
            return;
        }
        if (status.isDirectory()) {
            for (FileStatus inside : fileSystem.listStatus(status.getPath())) {
                add(fileSystem, inside, false, files);
            }
        } else if (name.indexOf(':') >= 0) {
            throw new UserError("Cannot read " + name, "Hadoop reads no file whose name has a colon", "Rename it.");
        } else if (named || ENDINGS.stream().anyMatch(name.toLowerCase(Locale.ROOT)::endsWith)) {
            files.add(new SourceFile(status.getPath().toUri().toString(), DataFormat.of(name), status.getLen()));
        }
    }
}
