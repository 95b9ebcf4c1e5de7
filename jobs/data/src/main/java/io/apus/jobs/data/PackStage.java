package io.apus.jobs.data;

import io.apus.jobs.launch.Stage;
import io.apus.jobs.launch.StageContext;
import io.apus.jobs.launch.StageResult;
import io.apus.schemas.UserError;
import io.apus.schemas.data.Splits;
import io.apus.schemas.manifest.Manifest;
import io.apus.schemas.manifest.RunLayout;
import io.apus.schemas.manifest.ShardManifest;
import io.apus.schemas.spec.PackSpec;
import io.apus.schemas.spec.RunSpec;
import io.apus.schemas.table.Tables;
import io.apus.spark.lineage.PlacementTable;
import io.apus.spark.stage.Pack;
import io.apus.spark.table.PublishedTable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Tokens to rows in shards. */
public final class PackStage implements Stage {
    @Override
    public String name() {
        return "pack";
    }

    @Override
    public List<String> inputs() {
        return List.of("tokenize");
    }

    @Override
    public List<String> sections() {
        return List.of("pack");
    }

    @Override
    public List<String> plan(RunSpec spec, RunLayout layout) {
        int capacity = capacity(spec.pack(), TokenizeStage.maxLength(spec));
        String how = spec.pack().packing()
                ? "packs whole samples into rows of " + Estimates.grouped(capacity) + " tokens ("
                        + spec.pack().packingStrategy() + ")"
                : "one row a sample, at most " + Estimates.grouped(capacity) + " tokens";
        return List.of(
                how,
                rows(spec, layout, capacity),
                "writes pack/shards/train, pack/shards/validation and the table pack/placement");
    }

    private String rows(RunSpec spec, RunLayout layout, int capacity) {
        return Committed.fact(layout, name(), "rows")
                .map(rows -> "rows: " + Estimates.grouped(rows) + " (committed)")
                .or(() -> Committed.fact(layout, "tokenize", spec.pack().packing() ? "tokens" : "rows")
                        .map(count -> "rows: "
                                + (spec.pack().packing()
                                        ? "at least " + Estimates.grouped((count + capacity - 1) / capacity)
                                        : Estimates.grouped(count))))
                .orElse("rows: known when the samples are tokenized");
    }

    /** Tokens of a row; every sample must fit, or it would be in no row. */
    static int capacity(PackSpec spec, int maxLength) {
        int capacity = spec.packingLength() == null ? maxLength : spec.packingLength();
        if (capacity < maxLength) {
            throw new UserError(
                    "Cannot pack",
                    "packing_length " + capacity + " is below max_length " + maxLength
                            + ", so samples between them would fit into no row",
                    "Raise packing_length or lower max_length.");
        }
        return capacity;
    }

    @Override
    public StageResult run(StageContext context) {
        Map<String, Object> tokenized = context.inputs().get("tokenize").facts();
        PackSpec spec = context.spec().pack();
        int capacity = capacity(spec, ((Number) tokenized.get("max_length")).intValue());
        PublishedTable tokens = Committed.table(context, "tokenize", Tables.TOKENS.name());
        Path shardsFolder = context.layout().shards(Splits.TRAIN).getParent();
        Pack.Result result = Pack.run(
                Outputs.phases(context, name()),
                new Pack.Task(
                        spec,
                        capacity,
                        context.spec().ingest().dataSeed(),
                        String.valueOf(tokenized.get("tokenizer_sha256"))),
                tokens,
                shardsFolder);
        context.progress().begin("writing placement", 0);
        PublishedTable placement = PlacementTable.write(
                context.spark(),
                result.shards().values(),
                shardsFolder,
                tokens,
                context.layout().table(name(), Tables.PLACEMENT.name()));
        ShardManifest train = result.shards().get(Splits.TRAIN);
        context.progress()
                .end(String.format(
                        Locale.ROOT,
                        "%,d rows, %,d tokens, %.1f%% filled",
                        train.rows(),
                        train.tokens(),
                        100 * train.fill()));
        return new StageResult(
                outputs(context.layout(), result, placement), result.accounting(), facts(result.shards(), capacity));
    }

    private static List<Manifest.Output> outputs(RunLayout layout, Pack.Result result, PublishedTable placement) {
        List<Manifest.Output> outputs = new ArrayList<>();
        result.shards().values().forEach(shards -> outputs.add(Outputs.shards(layout, shards)));
        outputs.add(Outputs.table(
                layout, Tables.PLACEMENT.name(), result.accounting().kept(), placement));
        return outputs;
    }

    /** What the manifest of packed splits says in numbers. */
    public static Map<String, Object> facts(Map<String, ShardManifest> splits, int capacity) {
        Map<String, Object> facts = new TreeMap<>();
        facts.put(
                "rows", splits.values().stream().mapToLong(ShardManifest::rows).sum());
        facts.put(
                "tokens",
                splits.values().stream().mapToLong(ShardManifest::tokens).sum());
        facts.put("fill", splits.get(Splits.TRAIN).fill());
        facts.put("max_length", capacity);
        splits.forEach((split, shards) -> facts.put(
                split,
                Map.of(
                        "rows", shards.rows(),
                        "samples", shards.samples(),
                        "tokens", shards.tokens(),
                        "shards", shards.shards().size(),
                        "fill", shards.fill(),
                        "content_sha256", shards.contentSha256())));
        return facts;
    }
}
