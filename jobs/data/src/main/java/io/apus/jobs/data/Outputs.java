package io.apus.jobs.data;

import io.apus.jobs.launch.FileOutputs;
import io.apus.jobs.launch.StageContext;
import io.apus.schemas.manifest.Manifest;
import io.apus.schemas.manifest.Manifest.FileEntry;
import io.apus.schemas.manifest.RunLayout;
import io.apus.schemas.manifest.ShardManifest;
import io.apus.schemas.table.Tables;
import io.apus.spark.stage.Phases;
import io.apus.spark.stage.Written;
import io.apus.spark.table.PublishedTable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What a data stage wrote, as its manifest lists it. */
public final class Outputs {
    private Outputs() {}

    /** The phases of a stage, shown as its progress. */
    static Phases phases(StageContext context, String stage) {
        return new Phases(context.spark(), stage, phase -> context.progress().begin(phase, 0));
    }

    /** The stage's table, with {@code rows} rows, and its rejects. */
    static List<Manifest.Output> tables(RunLayout layout, String name, long rows, Written written) {
        return List.of(
                table(layout, name, rows, written.kept()),
                table(layout, Tables.REJECTS.name(), written.rejectedRows(), written.rejects()));
    }

    /** A table at the version that was written. */
    public static Manifest.Output table(RunLayout layout, String name, long rows, PublishedTable table) {
        return new Manifest.Output(name, relative(layout, table.folder()), table.version(), rows, List.of());
    }

    /** The shards of a split, with the hashes that were taken while they were written. */
    public static Manifest.Output shards(RunLayout layout, ShardManifest manifest) {
        Path folder = layout.shards(manifest.split());
        List<FileEntry> entries = new ArrayList<>();
        manifest.shards().forEach(shard -> entries.add(new FileEntry(shard.path(), shard.bytes(), shard.sha256())));
        entries.add(FileOutputs.entry(folder, folder.resolve(RunLayout.MANIFEST)));
        return new Manifest.Output(manifest.split(), relative(layout, folder), -1, manifest.rows(), entries);
    }

    private static String relative(RunLayout layout, Path path) {
        return layout.root().relativize(path).toString();
    }
}
