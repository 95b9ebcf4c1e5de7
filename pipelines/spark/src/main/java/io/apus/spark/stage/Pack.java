package io.apus.spark.stage;

import io.apus.corpus.pack.Packer;
import io.apus.corpus.pack.SampleGroups;
import io.apus.schemas.UserError;
import io.apus.schemas.data.Splits;
import io.apus.schemas.manifest.Accounting;
import io.apus.schemas.manifest.ShardManifest;
import io.apus.schemas.spec.PackSpec;
import io.apus.shards.ShardFileWriter;
import io.apus.shards.ShardFolder;
import io.apus.shards.WrittenShard;
import io.apus.spark.table.Mapping;
import io.apus.spark.table.PublishedTable;
import io.apus.spark.table.TokenRows;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import scala.Tuple2;

/**
 * Puts the tokenised samples of each split into rows and writes the rows as shards, one task a shard.
 *
 * <p>The driver sees the samples' lengths and places in their groups only, 8 bytes a sample: it plans the rows, and the samples travel to
 * the task that writes their shard. The conversations of a group stay together. What is written depends on the tokens, the settings and the seed; not on partitions, cores or executors. Executors write
 * into the run's folder, so it must lie on a file system that they share with the driver.
 */
public final class Pack {
    /**
     * How to pack.
     *
     * @param spec whether and how samples share rows
     * @param maxLength capacity of a row in tokens; rows of groups may be longer where the specification has no packing_length
     * @param seed decides the order of the rows
     * @param tokenizerSha256 of the tokenizer.json that made the ids
     */
    public record Task(PackSpec spec, int maxLength, long seed, String tokenizerSha256) {}

    /**
     * What was packed.
     *
     * @param shards manifest of each split, by split; both splits are there, if need be without rows
     * @param accounting tokenised samples and pieces in, and kept
     */
    public record Result(Map<String, ShardManifest> shards, Accounting accounting) {}

    private final Phases phases;
    private final Task task;
    private final JavaSparkContext context;

    private Pack(Phases phases, Task task) {
        this.phases = phases;
        this.task = task;
        this.context = JavaSparkContext.fromSparkContext(phases.spark().sparkContext());
    }

    /** Runs the stage: the shards of split s go to {@code folder/s}. */
    public static Result run(Phases phases, Task task, PublishedTable tokens, Path folder) {
        Pack pack = new Pack(phases, task);
        Map<String, ShardManifest> shards = new TreeMap<>();
        Dataset<Row> all = tokens.read(phases.spark());
        for (String split : List.of(Splits.TRAIN, Splits.VALIDATION)) {
            shards.put(
                    split, pack.split(split, all.where(functions.col("split").equalTo(split)), folder.resolve(split)));
        }
        long packed = shards.values().stream().mapToLong(ShardManifest::samples).sum();
        return new Result(shards, new Accounting(all.count(), packed, Map.of()));
    }

    private ShardManifest split(String split, Dataset<Row> tokens, Path folder) {
        phases.begin("sorting " + split);
        JavaRDD<Row> sorted =
                tokens.orderBy("dataset_index", "row", "copy", "part", "member").javaRDD();
        List<int[]> found = sorted.mapPartitions(Pack::membersAndLengths).collect();
        int[] all = join(found, 1);
        SampleGroups groups = SampleGroups.of(join(found, 0));
        int[] grouped = groups.lengths(all);
        int capacity = capacity(grouped);
        phases.begin("packing " + split);
        RowPlan plan = RowPlan.of(
                groups.members(Packer.plan(task.spec(), capacity, grouped, task.seed())),
                all,
                task.spec().shardTokens());
        List<WrittenShard> written =
                plan.shards() == 0 ? List.of() : write(sorted, starts(found), plan, capacity, folder);
        return ShardFolder.commit(folder, split, capacity, task.tokenizerSha256(), written);
    }

    /** A single conversation is never over {@code max_length}; a group may be, and then rows are as long as the longest. */
    private int capacity(int[] grouped) {
        int longest = Arrays.stream(grouped).max().orElse(0);
        if (task.spec().packingLength() != null && longest > task.maxLength()) {
            throw new UserError(
                    "Cannot pack",
                    "the longest group of conversations has " + longest + " tokens, packing_length is "
                            + task.maxLength(),
                    "Raise packing_length, lower max_length, or leave packing_length out.");
        }
        return Math.max(task.maxLength(), longest);
    }

    private List<WrittenShard> write(JavaRDD<Row> sorted, int[] starts, RowPlan plan, int maxLength, Path folder) {
        Broadcast<RowPlan> shared = context.broadcast(plan);
        JavaPairRDD<Long, PackedPiece> placed = JavaPairRDD.fromJavaRDD(sorted.mapPartitionsWithIndex(
                (partition, rows) -> place(rows, starts[partition], shared.value()), false));
        String target = folder.toAbsolutePath().toString();
        List<WrittenShard> written = placed.repartitionAndSortWithinPartitions(new ShardPartitioner(plan))
                .mapPartitionsWithIndex((shard, places) -> writeShard(target, shard, maxLength, places), false)
                .collect();
        shared.destroy();
        return written;
    }

    private static Iterator<Tuple2<Long, PackedPiece>> place(Iterator<Row> rows, int start, RowPlan plan) {
        int[] next = {start};
        return new Mapping<>(rows, row -> new Tuple2<>(plan.place(next[0]++), PackedPiece.of(TokenRows.decode(row))));
    }

    private static Iterator<WrittenShard> writeShard(
            String folder, int shard, int maxLength, Iterator<Tuple2<Long, PackedPiece>> places) {
        try (ShardFileWriter writer = new ShardFileWriter(Path.of(folder), shard, maxLength)) {
            new RowAssembler(places).forEachRemaining(writer::add);
            return List.of(writer.finish()).iterator();
        }
    }

    /** Two numbers a conversation: its place in its group and its tokens. */
    private static Iterator<int[]> membersAndLengths(Iterator<Row> rows) {
        IntStream.Builder values = IntStream.builder();
        rows.forEachRemaining(
                row -> values.add(row.getInt(row.fieldIndex("member"))).add(row.getInt(row.fieldIndex("length"))));
        return List.of(values.build().toArray()).iterator();
    }

    /** Every second number of all parts, from the first or the second on. */
    private static int[] join(List<int[]> parts, int first) {
        return parts.stream()
                .flatMapToInt(part -> IntStream.range(0, part.length / 2).map(i -> part[2 * i + first]))
                .toArray();
    }

    /** Conversations in front of each partition. */
    private static int[] starts(List<int[]> parts) {
        int[] starts = new int[parts.size()];
        for (int i = 1; i < starts.length; i++) {
            starts[i] = starts[i - 1] + parts.get(i - 1).length / 2;
        }
        return starts;
    }
}
