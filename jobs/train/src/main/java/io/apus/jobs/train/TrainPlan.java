package io.apus.jobs.train;

import io.apus.jobs.launch.Sessions;
import io.apus.model.ModelConfig;
import io.apus.model.WeightBytes;
import io.apus.model.quant.CheckpointFormats;
import io.apus.model.quant.Quantiser;
import io.apus.model.quant.Quantisers;
import io.apus.model.tuner.Tuners;
import io.apus.model.tuner.method.Tuner;
import io.apus.schemas.manifest.RunLayout;
import io.apus.schemas.spec.ParallelPlan;
import io.apus.schemas.spec.RunSpec;
import io.apus.schemas.spec.TrainSpec;
import io.apus.train.NewTokens;
import io.apus.train.order.StepPlan;
import io.apus.train.parallel.Sharing;
import io.apus.train.schedule.LearningRates;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a training run will do and need, known before it starts.
 *
 * @param config the model's
 * @param trained parameters that are trained; empty where only the loaded model tells
 * @param rows what it trains on
 * @param memory of one rank
 */
record TrainPlan(RunSpec spec, ModelConfig config, OptionalLong trained, PlannedRows rows, MemoryEstimate memory) {
    static TrainPlan of(RunSpec spec, RunLayout layout) {
        ModelConfig config = PlannedModel.of(spec, layout);
        check(spec, config);
        Tuner tuner = Tuners.of(spec.tuner());
        PlannedRows rows = PlannedRows.of(spec, layout, config.maxPositionEmbeddings());
        long tokens = (long) rows.rowLength() * spec.train().perDeviceTrainBatchSize();
        // What an adapter adds to the weights is small beside the base.
        MemoryEstimate memory = new MemoryNeed(
                        config,
                        weights(spec, config),
                        tuner.trainedShapes(config),
                        sharing(spec).whole(config).names(),
                        tokens,
                        spec.train())
                .most();
        return new TrainPlan(spec, config, tuner.trainable(config), rows, memory);
    }

    /** Throws where the tuner or the plan of ranks does not fit the model, or the arguments of the schedule do not fit it, before anything is loaded. */
    static void check(RunSpec spec, ModelConfig config) {
        Tuner tuner = Tuners.of(spec.tuner());
        tuner.check(config);
        if (!spec.model().newTokens().isEmpty()) {
            NewTokens.require(tuner, spec.tuner().tunerType());
        }
        sharing(spec).check(config);
        LearningRates.of(
                spec.train(),
                spec.train().learningRateFor(spec.tuner()),
                Math.max(1, spec.train().maxSteps()));
    }

    private static Sharing sharing(RunSpec spec) {
        return new Sharing(
                spec.train().parallelPlan(),
                spec.train(),
                spec.tuner(),
                spec.model().quantise());
    }

    private static WeightBytes weights(RunSpec spec, ModelConfig config) {
        Optional<Quantiser> quantiser = Quantisers.of(spec.model().quantise());
        if (spec.model().create() != null) {
            return WeightBytes.floats(config);
        }
        if (quantiser.isPresent()) {
            return WeightBytes.of(config, quantiser.get());
        }
        return Tuners.of(spec.tuner()).needsFloats()
                ? WeightBytes.floats(config)
                : WeightBytes.stored(Path.of(spec.model().model()), config);
    }

    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(model());
        lines.add(tuner());
        lines.add(data());
        lines.add(steps());
        lines.add(ranks());
        sharing(spec).whole(config).lines(config).forEach(line -> lines.add("sharing   " + line));
        lines.add("memory    " + memory + (onGpus() ? " for each rank on its GPU" : " for each rank")
                + "; spark.executor.memoryOverhead (cluster.memory_overhead) of at least "
                + MemoryEstimate.mebibytes(host().total()) + " MiB for each rank of an executor");
        return lines;
    }

    /** Memory of one rank beside its Java heap, without what lies on a GPU. */
    MemoryEstimate host() {
        return onGpus() ? memory.besideGpu(spec.train().parallelPlan().offloadOptimiser()) : memory;
    }

    private boolean onGpus() {
        return Sessions.ranksOnGpus(spec);
    }

    /** The same by name, and what the run is called. */
    Map<String, String> facts() {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("name", String.valueOf(Path.of(spec.outputDir()).getFileName()));
        facts.put("output_dir", spec.outputDir());
        for (String line :
                List.of(model(), tuner(), data(), steps(), ranks(), "memory    " + memory + " planned for each rank")) {
            String[] words = line.split(" +", 2);
            facts.put(words[0], words[1]);
        }
        return facts;
    }

    private String model() {
        String weights = spec.model().create() != null
                ? "random weights of seed " + spec.seed()
                : "weights of " + spec.model().model();
        return "model     " + config.architecture() + ", " + number(config.parameterCount()) + " parameters, " + weights
                + quantisation();
    }

    private String quantisation() {
        return Quantisers.of(spec.model().quantise())
                .map(quantiser -> ", quantised on loading: " + quantiser.name())
                .or(() -> CheckpointFormats.method(config.json()).map(method -> ", quantised: " + method))
                .orElse("");
    }

    private String tuner() {
        String count = trained.isEmpty() ? "as many parameters trained as the loaded model tells" : counted();
        return "tuner     " + spec.tuner().tunerType() + ", " + count + ", learning rate "
                + spec.train().learningRateFor(spec.tuner()) + ", " + method();
    }

    private String method() {
        TrainSpec train = spec.train();
        String optimiser = "muon".equals(train.optimizer()) ? "muon" : train.optim();
        String galore = train.galore().galoreQuantization() ? " with Q-GaLore" : " with GaLore";
        return "optimiser " + optimiser + (train.galore().useGalore() ? galore : "");
    }

    private String counted() {
        double share = 100.0 * trained.orElseThrow() / config.parameterCount();
        return number(trained.orElseThrow()) + " parameters trained (" + String.format(Locale.ROOT, "%.2f%%)", share);
    }

    private String data() {
        if (!rows.known()) {
            return "data      rows of at most " + number(rows.rowLength()) + " tokens; how many is known after pack";
        }
        return "data      " + rows.about() + number(rows.rows()) + " rows of at most " + number(rows.rowLength())
                + " tokens, " + number(rows.tokens()) + " tokens in all";
    }

    private String steps() {
        TrainSpec train = spec.train();
        int batch = train.globalBatchSize();
        int replicas = train.parallelPlan().dp();
        int passes = batch / (train.perDeviceTrainBatchSize() * replicas);
        String each = number(batch) + " rows a step = " + train.perDeviceTrainBatchSize() + " x " + replicas
                + " replicas x " + passes + " passes";
        if (!rows.known()) {
            return "steps     " + (train.maxSteps() > 0 ? number(train.maxSteps()) : train.numTrainEpochs() + " epochs")
                    + ", " + each;
        }
        StepPlan plan = StepPlan.of(Math.toIntExact(rows.rows()), train, spec.seed());
        long tokens = rows.tokens() / rows.rows() * Math.min(batch, rows.rows());
        return "steps     " + rows.about() + number(plan.totalSteps()) + " (" + number(plan.stepsPerEpoch())
                + " an epoch), " + each + ", " + rows.about() + number(tokens) + " tokens a step";
    }

    private String ranks() {
        ParallelPlan plan = spec.train().parallelPlan();
        String factors = Stream.of(
                        factor("dp", plan.dp()),
                        factor("tp", plan.tp()),
                        factor("pp", plan.pp()),
                        factor("cp", plan.cp()))
                .filter(factor -> !factor.isEmpty())
                .collect(Collectors.joining(" x "));
        return "ranks     " + plan.ranks() + (factors.isEmpty() ? "" : " = " + factors)
                + (plan.ep() > 1 ? ", experts shared by ep " + plan.ep() : "")
                + (plan.zero() > 0 ? ", spread as zero" + plan.zero() : "")
                + (plan.offloadOptimiser() ? ", optimiser in host memory" : "")
                + (plan.offloadWeights() ? ", weights in host memory" : "");
    }

    private static String factor(String name, int ranks) {
        return ranks > 1 ? name + " " + ranks : "";
    }

    private static String number(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }
}
