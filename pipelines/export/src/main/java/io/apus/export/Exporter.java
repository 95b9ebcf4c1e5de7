package io.apus.export;

import io.apus.export.format.ExportFormat;
import io.apus.export.format.ExportSource;
import io.apus.model.DecoderModel;
import io.apus.model.tuner.Adapters;
import io.apus.model.tuner.method.Tuner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Writes a trained model in several formats; each is read again and must give the trained model's logits before it counts. */
public final class Exporter {
    /** One finished export: the format's name, what was written (file or folder) and how close it is. */
    public record Exported(String format, Path path, Parity parity) {}

    private Exporter() {}

    /**
     * Runs the task.
     *
     * @param announce told each format's name before it is written
     * @throws IllegalStateException if an export is further from the trained model than its format explains; the stage then does not commit
     */
    public static List<Exported> run(ExportTask task, Consumer<String> announce) throws IOException {
        Files.createDirectories(task.target());
        try (DecoderModel model = DecoderModel.load(task.base())) {
            Tuner tuner = task.adapter() == null ? null : Adapters.load(model, task.adapter(), false);
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
                return done;
            }
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
