package io.apus.train.log;

import io.apus.train.loop.Evaluation;
import io.apus.train.loop.LoopState;
import io.apus.train.loop.Progress;
import io.apus.train.loop.StepReport;
import io.apus.train.loop.TrainListener;
import io.apus.train.loop.Window;
import io.apus.train.measure.Reading;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** Scalars for TensorBoard under the tags that transformers gives them: {@code train/...} and {@code eval/...}. */
public final class TensorBoardLog implements TrainListener, AutoCloseable {
    private static final String EVALUATION = "eval_";

    private final EventFile events;

    /** Begins a new file in {@code folder}; {@code step} is above 0 when a run goes on from there. */
    public TensorBoardLog(Path folder, int step) {
        double now = now();
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make " + folder, e);
        }
        String name = "events.out.tfevents." + (long) now + ".apus."
                + ProcessHandle.current().pid() + "." + step + "." + Long.toHexString(System.nanoTime());
        this.events = new EventFile(folder.resolve(name), now);
        if (step > 0) {
            events.restart(now, step + 1L);
        }
    }

    @Override
    public void logged(Progress progress, StepReport last, Window window, Reading reading) {
        write(progress, LogLines.training(progress, last, window, reading));
    }

    @Override
    public void evaluated(Progress progress, Evaluation evaluation) {
        write(progress, LogLines.evaluation(progress, evaluation));
    }

    @Override
    public void ended(Progress progress, LoopState state) {
        write(progress, LogLines.summary(progress, state));
    }

    private void write(Progress progress, Map<String, Object> line) {
        boolean evaluation = line.keySet().iterator().next().startsWith(EVALUATION);
        Map<String, Double> scalars = new TreeMap<>();
        line.forEach((name, value) -> {
            boolean own = name.startsWith(EVALUATION);
            if (value instanceof Number number && (own || !evaluation)) {
                scalars.put(
                        own ? "eval/" + name.substring(EVALUATION.length()) : "train/" + name, number.doubleValue());
            }
        });
        events.scalars(now(), progress.step(), scalars);
    }

    private static double now() {
        return System.currentTimeMillis() / 1e3;
    }

    @Override
    public void close() {
        events.close();
    }
}
