package io.apus.jobs.export.adapters;

import io.apus.export.ExportTask;
import io.apus.export.Exporter;
import io.apus.export.Parity;
import io.apus.model.ModelConfig;
import io.apus.model.tuner.BaseQuantisation;
import io.apus.model.tuner.lora.Combination;
import io.apus.model.tuner.lora.LoraFile;
import io.apus.model.tuner.method.PeftFiles;
import io.apus.schemas.UserError;
import io.apus.schemas.spec.QuantiseSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/** Adapters that are to become one, with all that is known before anything is written. */
final class AdapterMerge {
    private static final String PROBLEM = "Cannot merge adapters";
    private static final int PROBE_TOKENS = 32;
    /** A prime, so that the probe's tokens are spread over any vocabulary. */
    private static final int PROBE_STEP = 7919;

    private final String baseName;
    private final Path base;
    private final Map<String, Path> adapters;
    private final List<Double> weights;
    private final Combination how;

    private AdapterMerge(
            String baseName, Path base, Map<String, Path> adapters, List<Double> weights, Combination how) {
        this.baseName = baseName;
        this.base = base;
        this.adapters = adapters;
        this.weights = weights;
        this.how = how;
    }

    /**
     * Checks what the user named.
     *
     * @param model folder of the base model, or null for the one that the adapters name
     * @param weights one for each adapter, or none, which is 1 for each
     * @throws UserError if the adapters name different base models, or the counts differ
     */
    static AdapterMerge of(Path model, Map<String, Path> adapters, List<Double> weights, Combination how) {
        if (!weights.isEmpty() && weights.size() != adapters.size()) {
            throw new UserError(
                    PROBLEM,
                    "there are " + adapters.size() + " adapters and " + weights.size() + " weights",
                    "Give one weight for each, or none.");
        }
        if (!weights.stream().allMatch(Double::isFinite)) {
            throw new UserError(PROBLEM, "the weights are " + weights, "");
        }
        String named = commonBase(adapters);
        Path base = model == null ? folder(named) : model;
        if (model != null && !isModel(model)) {
            throw new UserError(PROBLEM, model + " has no config.json", "Give --model FOLDER, a Hugging Face folder.");
        }
        return new AdapterMerge(
                model == null ? named : model.toString(),
                base,
                adapters,
                weights.isEmpty() ? Collections.nCopies(adapters.size(), 1.0) : weights,
                how);
    }

    /** Ids and folders of one model end alike. */
    private static String commonBase(Map<String, Path> adapters) {
        String first = null;
        String firstAdapter = null;
        for (Map.Entry<String, Path> adapter : adapters.entrySet()) {
            String base = PeftFiles.config(adapter.getValue())
                    .get("base_model_name_or_path")
                    .asText("");
            if (first == null) {
                first = base;
                firstAdapter = adapter.getKey();
            } else if (!lastPart(first).equalsIgnoreCase(lastPart(base))) {
                throw new UserError(
                        PROBLEM,
                        firstAdapter + " is for the base model \"" + first + "\", " + adapter.getKey() + " for \""
                                + base + "\"",
                        "If that is one model, give it one base_model_name_or_path in " + PeftFiles.CONFIG + ".");
            }
        }
        return first;
    }

    private static String lastPart(String name) {
        String trimmed = name.replaceFirst("[/\\\\]+$", "");
        return trimmed.substring(Math.max(trimmed.lastIndexOf('/'), trimmed.lastIndexOf('\\')) + 1);
    }

    /** The folder that a base's name is, or null. */
    private static Path folder(String name) {
        try {
            return !name.isBlank() && isModel(Path.of(name)) ? Path.of(name) : null;
        } catch (InvalidPathException e) {
            return null;
        }
    }

    private static boolean isModel(Path folder) {
        return Files.isRegularFile(folder.resolve("config.json"));
    }

    /** Writes one adapter; says what it did. */
    String intoAdapter(Path output) throws IOException {
        try (NewFolder folder = NewFolder.at(output)) {
            Path made = folder.staging().resolve("adapter");
            String fit = combine(made);
            folder.commit(made);
            return adapters.size() + " adapters -> " + output + fit;
        }
    }

    private String combine(Path target) {
        List<LoraFile> files = new ArrayList<>();
        adapters.forEach((name, folder) -> files.add(LoraFile.open(name, folder)));
        if (base != null) {
            ModelConfig config = ModelConfig.read(base);
            files.forEach(file -> file.check(config));
        }
        LoraFile.combine(files, weights, how, baseName, target);
        BaseQuantisation.write(target, trainedOn());
        return base == null
                ? ", not compared with the base model, which is no folder here: " + baseName
                : ", fitting " + base;
    }

    /** Folds them into the model and writes it, once it gives the same logits read again. */
    String intoModel(Path output, long shardBytes) throws IOException {
        if (base == null) {
            throw new UserError(
                    PROBLEM,
                    "the base model \"" + baseName + "\" is no folder here",
                    "Give --model FOLDER; apus download fetches one.");
        }
        try (NewFolder folder = NewFolder.at(output)) {
            Path adapter = alone()
                    ? adapters.values().iterator().next()
                    : folder.staging().resolve("adapter");
            if (!alone()) {
                combine(adapter);
            }
            Path target = folder.staging().resolve("model");
            ExportTask task = new ExportTask(
                    lastPart(output.toString()),
                    base,
                    adapter,
                    trainedOn(),
                    base,
                    target,
                    List.of("hf"),
                    shardBytes,
                    probes());
            Exporter.Exports exports = Exporter.run(task, format -> {});
            Exporter.Exported exported = exports.formats().get(0);
            folder.commit(exported.path());
            Parity parity = exported.parity();
            return adapters.size() + " adapters in " + base + " -> " + output + ", read again: mean KL "
                    + parity.meanKl() + " nats over " + parity.positions() + " positions"
                    + exports.fromTrained()
                            .map(trained -> "; from the quantised model that was trained " + trained.meanKl())
                            .orElse("");
        }
    }

    /** How all of them knew the base; as it is stored where they differ. */
    private QuantiseSpec trainedOn() {
        return BaseQuantisation.shared(adapters.values()).orElse(QuantiseSpec.none());
    }

    /** One adapter as it is may be of any method that changes weights. */
    private boolean alone() {
        return adapters.size() == 1 && weights.equals(List.of(1.0));
    }

    private List<long[]> probes() {
        int vocabulary = ModelConfig.read(base).vocabSize();
        return List.of(LongStream.range(0, PROBE_TOKENS)
                .map(i -> i * PROBE_STEP % vocabulary)
                .toArray());
    }
}
