package io.apus.jobs.export;

import io.apus.export.ExportFormats;
import io.apus.export.ExportTask;
import io.apus.export.Exporter;
import io.apus.export.Parity;
import io.apus.jobs.launch.FileOutputs;
import io.apus.jobs.launch.Progress;
import io.apus.jobs.launch.Stage;
import io.apus.jobs.launch.StageContext;
import io.apus.jobs.launch.StageResult;
import io.apus.model.ModelConfig;
import io.apus.model.tuner.Tuners;
import io.apus.schemas.UserError;
import io.apus.schemas.manifest.Accounting;
import io.apus.schemas.manifest.Manifest;
import io.apus.schemas.manifest.RunLayout;
import io.apus.schemas.spec.RunSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Writes the trained model in the formats asked for and commits only what gives the trained model's logits when read again. */
public final class ExportStage implements Stage {
    private static final String HUGGING_FACE = "hf";

    @Override
    public String name() {
        return "export";
    }

    @Override
    public List<String> inputs() {
        return List.of("pack", "train");
    }

    @Override
    public List<String> sections() {
        return List.of("model", "export");
    }

    @Override
    public void check(RunSpec spec, RunLayout layout) {
        List<String> formats = formats(spec);
        Optional<String> alone = alone(spec);
        if (alone.isPresent() && !formats.equals(List.of(HUGGING_FACE))) {
            throw new UserError(
                    "Cannot export " + String.join(", ", formats),
                    alone.get() + ", and an adapter is left alone in PEFT's files",
                    "Leave export.formats out.");
        }
        if (alone.isEmpty()) {
            String architecture = architecture(spec);
            formats.forEach(format -> ExportFormats.of(format).check(architecture));
        }
    }

    /** Why the adapter that training leaves is not merged; empty where there is none, or it is. */
    private static Optional<String> alone(RunSpec spec) {
        String type = spec.tuner().tunerType();
        if (type.equals("full")) {
            return Optional.empty();
        }
        if (!Tuners.of(spec.tuner()).mergeable()) {
            return Optional.of("what " + type + " trains is no change of weights");
        }
        return spec.export().mergeLora() ? Optional.empty() : Optional.of("merge_lora is false");
    }

    private static String architecture(RunSpec spec) {
        return spec.model().create() == null
                ? ModelConfig.read(Path.of(spec.model().model())).architecture()
                : spec.model().create().architecture();
    }

    @Override
    public List<String> plan(RunSpec spec, RunLayout layout) {
        check(spec, layout);
        Optional<String> alone = alone(spec);
        if (alone.isPresent()) {
            return List.of("adapter -> export/adapter, not merged: " + alone.get());
        }
        List<String> lines = new ArrayList<>();
        for (String format : formats(spec)) {
            lines.add(format + " -> "
                    + layout.root()
                            .relativize(layout.exported(ExportFormats.of(format).fileName()))
                    + ", read again and compared with the trained model (mean KL at most "
                    + ExportFormats.of(format).tolerance() + " nats)");
        }
        if (spec.model().quantise().quantMethod() != null) {
            lines.add("the adapter is merged into the weights of "
                    + spec.model().model() + " as they are stored, not as quant_method rounded them for training;"
                    + " how far that is from the model that was trained is measured and told");
        }
        return lines;
    }

    private static String distance(Parity parity) {
        return String.format(
                Locale.ROOT, "; the quantised model that was trained is %.3g nats (mean KL) away", parity.meanKl());
    }

    private static List<String> formats(RunSpec spec) {
        spec.export().formats().forEach(ExportFormats::of);
        return spec.export().formats();
    }

    @Override
    public StageResult run(StageContext context) throws IOException {
        RunSpec spec = context.spec();
        RunLayout layout = context.layout();
        List<String> formats = formats(spec);
        TrainedModel trained = TrainedModel.of(spec, layout);
        if (trained.adapter() != null && alone(spec).isPresent()) {
            return adapterAlone(layout, trained.adapter());
        }
        Progress progress = context.progress();
        progress.begin("export", formats.size());
        ExportTask task = new ExportTask(
                layout.root().toAbsolutePath().normalize().getFileName().toString(),
                trained.base(),
                trained.adapter(),
                spec.model().quantise(),
                trained.tokenizer(),
                layout.stage(name()),
                formats,
                spec.export().maxShardBytes(),
                Probes.from(layout));
        int[] announced = {0};
        Exporter.Exports exports = Exporter.run(task, format -> progress.update(announced[0]++, format));
        int count = exports.formats().size();
        progress.end((count == 1 ? "1 format" : count + " formats, each") + " read again and compared"
                + exports.fromTrained().map(ExportStage::distance).orElse(""));
        return result(layout, exports);
    }

    /** Without merging there is nothing to convert: the adapter is handed on as PEFT's files, byte for byte. */
    private static StageResult adapterAlone(RunLayout layout, Path adapter) throws IOException {
        Path target = layout.exported("adapter");
        Files.createDirectories(target);
        try (Stream<Path> files = Files.list(adapter)) {
            for (Path file : files.sorted().toList()) {
                Files.copy(file, target.resolve(file.getFileName()));
            }
        }
        return new StageResult(
                List.of(FileOutputs.of(layout, "adapter", target)), new Accounting(1, 1, Map.of()), Map.of());
    }

    private static StageResult result(RunLayout layout, Exporter.Exports exports) {
        List<Manifest.Output> outputs = new ArrayList<>();
        Map<String, Object> parity = new LinkedHashMap<>();
        for (Exporter.Exported one : exports.formats()) {
            Manifest.Output output = FileOutputs.of(layout, one.format(), one.path());
            outputs.add(output);
            Map<String, Object> numbers = new LinkedHashMap<>();
            numbers.put("path", output.path());
            numbers.put("tolerance", one.parity().tolerance());
            numbers.putAll(numbers(one.parity()));
            parity.put(one.format(), numbers);
        }
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("parity", parity);
        exports.fromTrained().ifPresent(distance -> facts.put("from_trained", numbers(distance)));
        int count = outputs.size();
        return new StageResult(outputs, new Accounting(count, count, Map.of()), facts);
    }

    private static Map<String, Object> numbers(Parity parity) {
        Map<String, Object> numbers = new LinkedHashMap<>();
        numbers.put("mean_kl", parity.meanKl());
        numbers.put("max_logit_difference", parity.maxLogitDifference());
        numbers.put("same_top_token", parity.sameTop());
        numbers.put("positions", parity.positions());
        return numbers;
    }
}
