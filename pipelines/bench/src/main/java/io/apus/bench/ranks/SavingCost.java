package io.apus.bench.ranks;

import io.apus.bench.measure.Table;
import io.apus.schemas.World;
import io.apus.train.TrainResult;
import io.apus.train.TrainTask;
import io.apus.train.Trainer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What a checkpoint every few steps, written to disk beside the training, adds to the time of a step: one rank in this process, in turns
 * with a run that saves nothing.
 */
public final class SavingCost {
    /** Of a run: each has as many steps behind it as before it. */
    private static final int CHECKPOINTS = 3;

    private final MadeRun run;
    private final int every;
    private final List<Double> without = new ArrayList<>();
    private final List<Double> with = new ArrayList<>();
    private final List<Double> waits = new ArrayList<>();
    private long bytes;

    /** @param every steps from one checkpoint to the next */
    public SavingCost(MadeRun run, int every) {
        this.run = run;
        this.every = every;
    }

    /** One run that saves nothing and one that saves. */
    public void round(boolean reversed) {
        for (boolean saving : reversed ? List.of(true, false) : List.of(false, true)) {
            TrainTask task = run.task(Map.of(
                    "maxSteps",
                    StepClock.WARM + 1 + CHECKPOINTS * every,
                    "saveStrategy",
                    saving ? "steps" : "no",
                    "saveSteps",
                    every,
                    "saveTotalLimit",
                    2,
                    "gradientAccumulationSteps",
                    1));
            StepClock clock = new StepClock();
            TrainResult result = Trainer.run(task, World.alone(), clock);
            (saving ? with : without).add(clock.meanSeconds());
            waits.add(result.dataWaitShare());
            if (saving) {
                bytes = size(Path.of(task.output()));
            }
        }
    }

    /** Adds a line of the medians; each round's ratio is taken within itself. */
    public void addTo(Table table) {
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < with.size(); i++) {
            ratios.add(with.get(i) / without.get(i));
        }
        table.row(
                every,
                bytes / 1e6,
                Scaling.median(without) * 1e3,
                Scaling.median(with) * 1e3,
                Scaling.median(ratios),
                100 * Scaling.median(waits));
    }

    /** Bytes of the newest checkpoint. */
    private static long size(Path output) {
        return MadeRun.bytes(output.resolve("checkpoints")) / 2;
    }
}
