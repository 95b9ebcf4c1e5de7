package io.apus.spark.source;

import io.apus.corpus.ingest.DataFormat;
import io.apus.corpus.ingest.RepositoryFiles;
import io.apus.schemas.UserError;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Finds the files of a dataset, in the order of their paths: a file, a glob, a Delta table, or a folder, which is taken for the clone of a
 * repository (its data files at any depth that belong to the asked part; hidden files and those that begin with an underscore are left
 * out), on any file system that Hadoop knows. A name that exists is never a glob.
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
            List<SourceFile> found = find(dataset, pattern);
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
                "Give a json, jsonl, csv, parquet or txt file, a Delta table, a folder or a glob of them; relative paths start at "
                        + here + ".");
    }

    private List<SourceFile> find(SourceDataset dataset, String pattern) {
        try {
            Path path = path(pattern);
            FileSystem fileSystem = path.getFileSystem(configuration);
            if (!fileSystem.exists(path)) {
                List<SourceFile> found = matching(fileSystem, path, dataset);
                // Where the settings make another file system the usual one, a glob may still mean files of this
                // machine.
                return found.isEmpty() && path.toUri().getScheme() == null
                        ? matching(FileSystem.getLocal(configuration), path, dataset)
                        : found;
            }
            FileStatus status = fileSystem.getFileStatus(path);
            boolean isFolder = status.isDirectory() && !DeltaFolders.isTable(fileSystem, path);
            if (!isFolder && !dataset.part().isDefault()) {
                throw new UserError(
                        "Cannot read the dataset " + dataset.name(),
                        "only a folder has subsets and splits, " + pattern + " is none",
                        "Give its path alone.");
            }
            List<SourceFile> files = all(fileSystem, new FileStatus[] {status}, dataset);
            return isFolder ? part(dataset, status.getPath(), files) : files;
        } catch (IllegalArgumentException e) {
            throw unreadable(dataset, pattern + " is no path: " + e.getMessage(), "Check it.", e);
        } catch (IOException e) {
            throw unreadable(dataset, pattern + ": " + e.getMessage(), "Check the path and your access to it.", e);
        }
    }

    private static List<SourceFile> matching(FileSystem fileSystem, Path glob, SourceDataset dataset)
            throws IOException {
        FileStatus[] statuses = fileSystem.globStatus(glob);
        return statuses == null ? List.of() : all(fileSystem, statuses, dataset);
    }

    private static UserError unreadable(SourceDataset dataset, String problem, String cure, Exception e) {
        return new UserError("Cannot read the dataset " + dataset.name(), problem, cure, e);
    }

    private static List<SourceFile> all(FileSystem fileSystem, FileStatus[] statuses, SourceDataset dataset)
            throws IOException {
        List<SourceFile> files = new ArrayList<>();
        for (FileStatus status : statuses) {
            if (status.isDirectory() && DeltaFolders.isTable(fileSystem, status.getPath())) {
                files.add(DeltaFolders.table(fileSystem, status.getPath(), dataset.name(), dataset.version()));
            } else {
                requireNoVersion(dataset, status.getPath());
                add(fileSystem, status, true, files);
            }
        }
        return files;
    }

    private static void requireNoVersion(SourceDataset dataset, Path path) {
        if (dataset.version() != null) {
            throw new UserError(
                    "Cannot read the dataset " + dataset.name(),
                    "only a Delta table has versions, and " + path + " has no _delta_log",
                    "Leave @v" + dataset.version() + " out.");
        }
    }

    /** The data files of a repository's clone that belong to the dataset. */
    private static List<SourceFile> part(SourceDataset dataset, Path folder, List<SourceFile> files) {
        Map<String, SourceFile> byPath = new TreeMap<>();
        for (SourceFile file : files) {
            String relative = folder.toUri().relativize(URI.create(file.path())).getPath();
            byPath.put(relative, file);
        }
        byPath.keySet().removeIf(path -> !RepositoryFiles.isData(path));
        if (byPath.isEmpty()) {
            return List.of();
        }
        RepositoryFiles part = RepositoryFiles.of(dataset.name(), List.copyOf(byPath.keySet()), dataset.part());
        return part.chosen().stream().map(byPath::get).toList();
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
            files.add(new SourceFile(status.getPath().toUri().toString(), DataFormat.of(name), status.getLen(), -1));
        }
    }
}
