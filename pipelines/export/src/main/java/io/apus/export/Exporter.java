package io.apus.export;

import io.apus.export.format.ExportFormat;
import io.apus.export.format.ExportSource;
import io.apus.model.DecoderModel;
import io.apus.model.quant.Quantiser;
import io.apus.model.quant.Quantisers;
import io.apus.model.tuner.Adapters;
import io.apus.model.tuner.method.Tuner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Writes a trained model in several formats; each is read again and must give the trained model's logits before it counts.
 *
 * <p>An adapter that was trained on a quantised base is merged into the base as it is stored: its numbers are the better ones, and
 * rounding them would only add an error. What a format must give again are then the logits of the adapter on that base, so that the
 * gate stays as narrow as the format is exact. How far this is from the model as training saw it is the rounding of the base alone,
 * which nothing bounds beforehand: it is measured and told.
 */
public final class Exporter {
    /** One finished export: the format's name, what was written (file or folder) and how close it is. */
    public record Exported(String format, Path path, Parity parity) {}

    /**
     * What a task came to.
     *
     * @param formats one for each format
     * @param fromTrained how far the model that was exported is from the model as training saw it; empty where they are the same
     */
    public record Exports(List<Exported> formats, Optional<Parity> fromTrained) {}

    private Exporter() {}

    /**
     * Runs the task.
     *
     * @param announce told each format's name before it is written
     * @throws IllegalStateException if an export is further from the trained model than its format explains; the stage then does not commit
     */
    public static Exports run(ExportTask task, Consumer<String> announce) throws IOException {
        Files.createDirectories(task.target());
        try (ParityGate asTrained = asTrained(task);
                DecoderModel model = DecoderModel.load(task.base())) {
            Tuner tuner = task.adapter() == null ? null : Adapters.load(model, task.adapter(), false);
            Optional<Parity> fromTrained = Optional.ofNullable(asTrained).map(gate -> gate.distance(model));
            try (ParityGate gate = new ParityGate(model, task.probes())) {
                if (tuner != null) {
                    tuner.merge(model);
                }
                model.dequantise();
                ExportSource source = new ExportSource(task.name(), model, task.tokenizer(), task.maxShardBytes());
                List<Exported> done = new ArrayList<>();
                for (String name : task.formats()) {
                    announce.accept(name);
                    done.add(export(name, source, task.target(), gate));
                }
                return new Exports(done, fromTrained);
            }
        }
    }

    /** The model as training saw it, on its own, so that two models are never in memory; null where it is no other than the one exported. */
    private static ParityGate asTrained(ExportTask task) {
        Optional<Quantiser> quantiser = Quantisers.of(task.trainedOn());
        if (task.adapter() == null || quantiser.isEmpty()) {
            return null;
        }
        try (DecoderModel model = DecoderModel.load(task.base(), quantiser)) {
            Adapters.load(model, task.adapter(), false);
            return new ParityGate(model, task.probes());
        }
    }

    private static Exported export(String name, ExportSource source, Path target, ParityGate gate) throws IOException {
        ExportFormat format = ExportFormats.of(name);
        Path path = target.resolve(format.fileName());
        format.write(source, path);
        Parity parity;
        try (DecoderModel reloaded = format.reload(source, path)) {
            parity = gate.compare(reloaded, format.tolerance());
        }
        if (!parity.holds()) {
            throw new IllegalStateException(
                    "the " + name + " export is not the trained model: mean KL " + parity.meanKl() + " nats over "
                            + parity.positions() + " positions, the format explains " + parity.tolerance());
        }
        return new Exported(name, path, parity);
    }
}
