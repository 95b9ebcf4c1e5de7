package io.apus.schemas.spec;

import static io.apus.schemas.spec.Problems.orElse;

import java.util.List;
import java.util.regex.Pattern;

/**
 * Everything that decides a run; one validated record whatever it was made from (a YAML file, command-line flags, overrides).
 *
 * <p>In YAML and on the command line the names are snake_case. Every option that ms-swift has keeps its spelling and default.
 */
public record RunSpec(
        @Doc("folder that receives everything the run writes") String outputDir,
        @Doc("seed of weights, order and dropout") Long seed,
        ClusterSpec cluster,
        ModelSpec model,
        IngestSpec ingest,
        FilterSpec filter,
        TokenizeSpec tokenize,
        PackSpec pack,
        TunerSpec tuner,
        TrainSpec train,
        EvaluateSpec evaluate,
        ExportSpec export) {
    /** Tuners that train or copy the weights themselves. */
    private static final List<String> WHOLE = List.of("full", "llamapro");

    private static final Pattern URI = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]+:/.*");

    public RunSpec {
        seed = orElse(seed, 42L);
        cluster = cluster == null ? new ClusterSpec(null, null, null) : cluster;
        filter = filter == null ? new FilterSpec(null) : filter;
        tokenize = tokenize == null ? new TokenizeSpec(null, null, null, null, null, null) : tokenize;
        pack = pack == null ? new PackSpec(null, null, null, null) : pack;
        tuner = tuner == null ? TunerSpec.of(null) : tuner;
        evaluate = evaluate == null ? new EvaluateSpec(null, null, null, null, null, null) : evaluate;
        export = export == null ? new ExportSpec(null, null, null) : export;
        outputDir = orElse(outputDir, "output");
        train = train == null ? defaultTraining() : train;
        new Problems("run")
                .require(model != null, "model", "name the model to train (--model FOLDER)")
                .require(
                        !URI.matcher(outputDir).matches(),
                        "output_dir",
                        "give a folder that all machines have mounted, not " + outputDir
                                + "; checkpoints alone may go to other file systems (train.checkpoint_dir)")
                .require(ingest != null, "dataset", "name at least one dataset (--dataset FILE)")
                .require(
                        model == null
                                || model.create() == null
                                || tuner.tunerType().equals("full"),
                        "tuner_type",
                        "a model made from scratch has random weights, which \"" + tuner.tunerType()
                                + "\" would leave as they are: set tuner_type full")
                .require(
                        train.lisa().lisaActivatedLayers() == 0
                                || tuner.tunerType().equals("full"),
                        "lisa_activated_layers",
                        "is for tuner_type full, not " + tuner.tunerType())
                .require(
                        model == null || model.quantise().quantMethod() == null || !WHOLE.contains(tuner.tunerType()),
                        "quant_method",
                        "quantised weights cannot be trained in full or copied into new layers: set tuner_type lora")
                .throwIfAny();
    }

    /** The same run with another model. */
    public RunSpec withModel(ModelSpec other) {
        return new RunSpec(
                outputDir, seed, cluster, other, ingest, filter, tokenize, pack, tuner, train, evaluate, export);
    }

    /** The same run, tokenised in another way. */
    public RunSpec withTokenize(TokenizeSpec other) {
        return new RunSpec(
                outputDir, seed, cluster, model, ingest, filter, other, pack, tuner, train, evaluate, export);
    }

    private static TrainSpec defaultTraining() {
        return new TrainSpec(
                null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null,
                null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null,
                null, null, null, null, null);
    }
}
