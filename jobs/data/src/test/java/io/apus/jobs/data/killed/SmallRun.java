package io.apus.jobs.data.killed;

import io.apus.jobs.launch.StageReport;
import io.apus.schemas.data.Splits;
import io.apus.schemas.manifest.Manifest;
import io.apus.schemas.manifest.RunLayout;
import io.apus.shards.ManifestFile;
import io.apus.shards.Sha256;
import io.apus.spark.table.PublishedTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** A run file over a small corpus with something to refuse at every stage, and all that can be seen of what the run left. */
final class SmallRun {
    private final Path folder;

    SmallRun(Path folder) {
        this.folder = folder;
    }

    /** Writes the run file of the output folder {@code name}. */
    Path file(String name) throws IOException {
        Path data = folder.resolve("data.jsonl");
        if (!Files.exists(data)) {
            Files.writeString(
                    data,
                    IntStream.range(0, 80)
                                    .mapToObj(
                                            row -> "{\"query\": \"n " + row + "\", \"response\": \"is " + row + "\"}\n")
                                    .collect(Collectors.joining())
                            + "broken\n"
                            + "{\"query\": \"n 0\", \"response\": \"is 0\"}\n"
                            + "{\"query\": \"long\", \"response\": \"" + "x y z ".repeat(60) + "\"}\n");
        }
        return Files.writeString(
                folder.resolve(name + ".yaml"),
                String.join(
                        "\n",
                        "output_dir: " + folder.resolve(name),
                        "cluster:",
                        "  master: local[2]",
                        "  spark_conf:",
                        "    spark.ui.enabled: 'false'",
                        "    spark.sql.shuffle.partitions: '1'",
                        "    spark.sql.codegen.wholeStage: 'false'",
                        "    spark.sql.codegen.factoryMode: NO_CODEGEN",
                        "    spark.databricks.delta.snapshotPartitions: '1'",
                        "ingest: {dataset: [" + data + "], split_dataset_ratio: 0.1}",
                        "model: {create: {vocab_size: 300, hidden_size: 16, intermediate_size: 32, num_hidden_layers: 1,"
                                + " num_attention_heads: 2, num_key_value_heads: 1, head_dim: 8,"
                                + " max_position_embeddings: 64}}",
                        "tuner: {tuner_type: full}",
                        "pack: {packing: true, shard_tokens: 600}",
                        ""));
    }

    static void runHere(Path file) throws Exception {
        List<StageReport> reports = RunChild.run(file, phase -> {});
        if (reports.isEmpty()) {
            throw new IllegalStateException("nothing ran");
        }
    }

    /** Counts by stage, content of every table, and the SHA-256 of every shard and of the tokenizer. */
    Map<String, String> traces(String name, SparkSession spark) throws IOException {
        RunLayout layout = new RunLayout(folder.resolve(name));
        Map<String, String> traces = new TreeMap<>();
        for (String stage : List.of("ingest", "filter", "tokenize", "pack")) {
            Manifest manifest = ManifestFile.read(layout.manifest(stage));
            traces.put(stage, manifest.accounting() + " " + manifest.facts());
            for (Manifest.Output output : manifest.outputs()) {
                if (output.version() >= 0) {
                    traces.put(
                            output.path(),
                            rows(new PublishedTable(layout.root().resolve(output.path()), output.version()), spark));
                }
            }
        }
        for (String split : List.of(Splits.TRAIN, Splits.VALIDATION)) {
            traces.put(split, Files.readString(layout.shards(split).resolve(RunLayout.MANIFEST)));
        }
        traces.put("tokenizer", Sha256.of(layout.createdModel().resolve("tokenizer.json")));
        return traces;
    }

    private static String rows(PublishedTable table, SparkSession spark) {
        return table.read(spark).collectAsList().stream()
                .map(Row::toString)
                .sorted()
                .collect(Collectors.joining("\n"));
    }
}
