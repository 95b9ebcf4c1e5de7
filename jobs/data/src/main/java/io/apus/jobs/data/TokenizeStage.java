package io.apus.jobs.data;

import io.apus.corpus.tokenize.ModelLimits;
import io.apus.corpus.vocabulary.ExtendedModel;
import io.apus.jobs.launch.FileOutputs;
import io.apus.jobs.launch.Stage;
import io.apus.jobs.launch.StageContext;
import io.apus.jobs.launch.StageResult;
import io.apus.schemas.manifest.Manifest;
import io.apus.schemas.manifest.RunLayout;
import io.apus.schemas.spec.CreateModelSpec;
import io.apus.schemas.spec.NewTokensSpec;
import io.apus.schemas.spec.RunSpec;
import io.apus.schemas.table.Tables;
import io.apus.spark.stage.Tokenize;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Samples to tokens, with a vocabulary learnt first where the run makes its own model. */
public final class TokenizeStage implements Stage {
    @Override
    public String name() {
        return "tokenize";
    }

    @Override
    public List<String> inputs() {
        return List.of("filter");
    }

    @Override
    public List<String> sections() {
        return List.of("model", "tokenize");
    }

    @Override
    public List<String> plan(RunSpec spec, RunLayout layout) {
        CreateModelSpec create = spec.model().create();
        List<String> lines = new ArrayList<>();
        lines.add(
                create == null
                        ? "uses the tokenizer of " + spec.model().model() + newTokens(spec)
                        : "learns a vocabulary of " + Estimates.grouped(create.vocabSize())
                                + " tokens and writes the model folder " + layout.createdModel());
        lines.add("samples of more than " + Estimates.grouped(maxLength(spec)) + " tokens: "
                + spec.tokenize().truncationStrategy());
        Committed.fact(layout, name(), "tokens")
                .ifPresent(tokens -> lines.add("tokens: " + Estimates.grouped(tokens) + " (committed)"));
        lines.add("writes the tables tokenize/tokens and tokenize/rejects");
        return lines;
    }

    private static String newTokens(RunSpec spec) {
        NewTokensSpec tokens = spec.model().newTokens();
        return tokens.isEmpty()
                ? ""
                : " with " + tokens.newSpecialTokens().size() + " new special tokens, for which the model has "
                        + Estimates.grouped(
                                ExtendedModel.vocabSize(Path.of(spec.model().model()), tokens))
                        + " rows of embeddings";
    }

    static int maxLength(RunSpec spec) {
        CreateModelSpec create = spec.model().create();
        if (spec.tokenize().maxLength() == null && create != null) {
            return create.maxPositionEmbeddings();
        }
        return ModelLimits.maxLength(
                Path.of(spec.model().model() == null ? "" : spec.model().model()), spec.tokenize());
    }

    /** The folder whose tokenizer a run uses. */
    static Path model(RunSpec spec, RunLayout layout) {
        return layout.tokenizer(spec.model());
    }

    @Override
    public StageResult run(StageContext context) {
        RunSpec spec = context.spec();
        RunLayout layout = context.layout();
        if (!spec.model().newTokens().isEmpty()) {
            ExtendedModel.write(Path.of(spec.model().model()), spec.model().newTokens(), layout.createdModel());
        }
        Tokenize.Result result = Tokenize.run(
                Outputs.phases(context, name()),
                new Tokenize.Task(
                        spec.tokenize(), model(spec, layout), spec.model().create()),
                Committed.table(context, "filter", Tables.CLEAN.name()),
                layout.stage(name()));
        context.progress().end(Estimates.outcome("samples", result.accounting()));
        List<Manifest.Output> outputs = new ArrayList<>(
                Outputs.tables(layout, Tables.TOKENS.name(), sum(result, Tokenize.Counts::rows), result.written()));
        if (Files.isDirectory(layout.createdModel())) {
            outputs.add(FileOutputs.of(layout, "model", layout.createdModel()));
        }
        return new StageResult(outputs, result.accounting(), facts(spec, result));
    }

    private static Map<String, Object> facts(RunSpec spec, Tokenize.Result result) {
        Map<String, Object> facts = new TreeMap<>();
        if (spec.tokenize().template() != null) {
            facts.put("template", spec.tokenize().template());
        }
        facts.put("rows", sum(result, Tokenize.Counts::rows));
        facts.put("tokens", sum(result, Tokenize.Counts::tokens));
        facts.put("trained_tokens", sum(result, Tokenize.Counts::trainedTokens));
        facts.put("max_length", result.maxLength());
        facts.put("tokenizer_sha256", result.tokenizerSha256());
        result.bySplit()
                .forEach((split, counts) -> facts.put(
                        split,
                        Map.of(
                                "rows",
                                counts.rows(),
                                "tokens",
                                counts.tokens(),
                                "trained_tokens",
                                counts.trainedTokens())));
        return facts;
    }

    private static long sum(Tokenize.Result result, java.util.function.ToLongFunction<Tokenize.Counts> count) {
        return result.bySplit().values().stream().mapToLong(count).sum();
    }
}
