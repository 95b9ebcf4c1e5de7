package io.apus.train.loop;

import io.apus.train.measure.Reading;

/** Told what happens during a run; only rank 0 has any beside its watchdog. */
public interface TrainListener {
    default void stepped(StepReport report) {}

    /** A log line is due: {@code last} is the newest step, {@code window} and {@code reading} everything since the last line. */
    default void logged(Progress progress, StepReport last, Window window, Reading reading) {}

    default void evaluated(Progress progress, Evaluation evaluation) {}

    default void saved(Saving.Saved checkpoint) {}

    default void ended(Progress progress, LoopState state) {}
}
