package io.apus.jobs.eval;

import io.apus.eval.report.Report;
import io.apus.eval.report.ReportData;
import io.apus.eval.score.MetricMean;
import io.apus.eval.task.EvalItem;
import io.apus.eval.task.EvalKinds;
import io.apus.eval.task.Outcome;
import io.apus.jobs.launch.Stage;
import io.apus.jobs.launch.StageContext;
import io.apus.jobs.launch.StageResult;
import io.apus.model.ModelConfig;
import io.apus.model.quant.Quantisers;
import io.apus.schemas.data.Score;
import io.apus.schemas.data.Splits;
import io.apus.schemas.manifest.Accounting;
import io.apus.schemas.manifest.Manifest;
import io.apus.schemas.manifest.RunLayout;
import io.apus.schemas.spec.RunSpec;
import io.apus.schemas.table.Tables;
import io.apus.shards.ManifestFile;
import io.apus.spark.table.PublishedTable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaSparkContext;

/** Measures the trained model on the held-out rows and the evaluation sets, spread over the executors, and writes the report. */
public final class EvaluateStage implements Stage {
    private static final String TRAIN = "train";
    /** Parts per task slot: enough that slow ones even out, and that progress shows. */
    private static final int PARTS_PER_SLOT = 4;

    @Override
    public String name() {
        return "evaluate";
    }

    @Override
    public List<String> inputs() {
        return List.of("filter", "pack", TRAIN);
    }

    @Override
    public List<String> sections() {
        return List.of("model", "evaluate");
    }

    @Override
    public List<String> plan(RunSpec spec, RunLayout layout) {
        List<String> lines = new ArrayList<>();
        lines.add("held-out rows -> loss, perplexity, token_acc; "
                + spec.evaluate().reportSamples() + " sample generations");
        String limit = spec.evaluate().evalLimit() == null
                ? "all items"
                : "at most " + spec.evaluate().evalLimit() + " items";
        spec.evaluate().evalDataset().forEach(set -> lines.add(set + " -> " + limit));
        Quantisers.of(spec.model().quantise())
                .ifPresent(quantiser -> lines.add("the adapter is measured on the weights of "
                        + spec.model().model()
                        + (spec.evaluate().baseAsTrained()
                                ? " as they were in training: " + quantiser.name()
                                : " as they are stored, not as quant_method rounded them for training")));
        lines.add("scores (Delta table " + layout.root().relativize(scores(layout)) + "), report "
                + layout.root().relativize(layout.report()));
        return lines;
    }

    /** The export behind this stage has its own section in the report. */
    @Override
    public void allCommitted(RunLayout layout) {
        Report.write(layout);
    }

    @Override
    public StageResult run(StageContext context) throws Exception {
        RunSpec spec = context.spec();
        RunLayout layout = context.layout();
        RunTables tables = new RunTables(context.spark(), layout);
        List<EvalItem> samples = tables.heldOutSamples(spec.evaluate().reportSamples());
        EvalPlan plan = EvalPlan.of(spec.evaluate(), context.conf(), heldOutRows(layout), samples);
        ModelSource source =
                ModelSource.trained(spec, layout, context.inputs().get(TRAIN).commit());
        List<Outcome> outcomes = measure(context, plan, source);
        List<Score> scores = outcomes.stream()
                .flatMap(outcome -> outcome.scores().stream())
                .sorted(MetricMean.ORDER)
                .toList();
        List<MetricMean> means = MetricMean.of(scores);
        PublishedTable table = ScoresTable.write(context.spark(), scores(layout), scores);
        reportData(spec, source, means, scores, tables).write(ReportData.file(layout.report()));
        Report.write(layout);
        context.progress().end(summary(means, scores.size()));
        return new StageResult(outputs(layout, table, scores.size()), accounting(plan, outcomes), facts(means));
    }

    private static Path scores(RunLayout layout) {
        return layout.table("evaluate", Tables.SCORES.name());
    }

    private static long heldOutRows(RunLayout layout) {
        return ManifestFile.readShards(layout.shards(Splits.VALIDATION).resolve(RunLayout.MANIFEST))
                .rows();
    }

    private static List<Outcome> measure(StageContext context, EvalPlan plan, ModelSource source)
            throws InterruptedException {
        if (plan.units().isEmpty()) {
            return List.of();
        }
        RunSpec spec = context.spec();
        EvalWork work = new EvalWork(
                source,
                CodecSettings.of(spec.tokenize()),
                context.layout().shards(Splits.VALIDATION).toAbsolutePath().toString(),
                spec.evaluate().maxNewTokens(),
                spec.evaluate().temperature(),
                spec.seed());
        JavaSparkContext spark =
                JavaSparkContext.fromSparkContext(context.spark().sparkContext());
        int parts = Math.min(plan.units().size(), spark.defaultParallelism() * PARTS_PER_SLOT);
        List<Outcome> outcomes = new EvalJobRunner(spark, context.progress()).run(plan.units(), work, parts);
        LoadedModels.SHARED.freeIdle();
        return outcomes;
    }

    private static Accounting accounting(EvalPlan plan, List<Outcome> outcomes) {
        Map<String, Long> refused = new TreeMap<>(plan.refused());
        long in = outcomes.size()
                + plan.refused().values().stream().mapToLong(Long::longValue).sum();
        long kept = 0;
        for (Outcome outcome : outcomes) {
            if (outcome.refusal() == null) {
                kept++;
            } else {
                refused.merge(outcome.refusal(), 1L, Long::sum);
            }
        }
        return new Accounting(in, kept, refused);
    }

    private static Map<String, Object> facts(List<MetricMean> means) {
        Map<String, Object> facts = new LinkedHashMap<>();
        for (MetricMean mean : means) {
            facts.put(mean.task() + "." + mean.metric(), mean.value());
            facts.put(mean.task() + "." + mean.metric() + ".items", mean.items());
        }
        return facts;
    }

    private static ReportData reportData(
            RunSpec spec, ModelSource source, List<MetricMean> means, List<Score> scores, RunTables tables) {
        ModelConfig config = ModelConfig.read(Path.of(source.base()));
        String name = spec.model().model() == null
                ? "made by this run"
                : Path.of(spec.model().model())
                        .toAbsolutePath()
                        .normalize()
                        .getFileName()
                        .toString();
        return new ReportData(
                new ReportData.Model(
                        Quantisers.of(source.quantise())
                                .map(quantiser -> name + ", " + quantiser.name())
                                .orElse(name),
                        config.architecture(),
                        config.parameterCount(),
                        spec.tuner().tunerType()),
                means,
                samples(scores, spec.evaluate().reportSamples()),
                tables.rejectExamples(),
                tables.previews(Path.of(source.tokenizer())));
    }

    /** The first generations of each set. */
    private static List<Score> samples(List<Score> scores, int perSet) {
        Map<String, Integer> taken = new TreeMap<>();
        return scores.stream()
                .filter(score -> score.kind().equals(EvalKinds.GENERATION))
                .filter(score -> taken.merge(score.task(), 1, Integer::sum) <= perSet)
                .toList();
    }

    private static String summary(List<MetricMean> means, int scores) {
        return means.stream()
                        .filter(mean -> mean.metric().equals(MetricMean.PERPLEXITY))
                        .map(mean -> mean.task() + " perplexity "
                                + String.format(java.util.Locale.ROOT, "%.3f", mean.value()) + ", ")
                        .reduce("", String::concat)
                + scores + " scores";
    }

    private static List<Manifest.Output> outputs(RunLayout layout, PublishedTable table, long rows) {
        Path root = layout.root();
        return List.of(
                new Manifest.Output(
                        Tables.SCORES.name(),
                        root.relativize(scores(layout)).toString(),
                        table.version(),
                        rows,
                        List.of()),
                new Manifest.Output("report", root.relativize(layout.report()).toString(), -1, -1, List.of()));
    }
}
