package io.apus.jobs.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SortedSet;

/** Trainings that keep their checkpoints on another file system, and what must be found there. */
record RemoteCheckpoints(TinyTraining training, Checkpoints checkpoints) {
    static final int FAULT_STEP = 50;
    private static final int LIMIT = 2;
    private static final int STEPS = 600;

    static RemoteCheckpoints of(TinyTraining tiny, Checkpoints checkpoints) {
        TinyTraining remote = tiny.with(
                "train.checkpoint_dir=" + checkpoints.folder(),
                "train.save_total_limit=" + LIMIT,
                // Clients with many jars start slowly on a busy machine.
                "train.ddp_timeout=60");
        return new RemoteCheckpoints(remote, checkpoints);
    }

    Programs.Running begun() throws Exception {
        checkpoints.delete();
        return training.begun(FAULT_STEP);
    }

    /** A rank that is killed is started again with all the others, which find the newest checkpoint. */
    void aKilledRankGoesOn() throws Exception {
        Programs.Running driver = begun();

        TinyTraining.signal("KILL", training.rankProcess(1));

        endsWell(driver);
        assertThat(training.attempt()).isEqualTo(1);
        assertThat(training.fact("resumed_from_step")).isBetween(FAULT_STEP - 2L * TinyTraining.SAVE_STEPS, STEPS - 1L);
    }

    /** What a killed driver leaves is whole, and the same command goes on from the newest of it. */
    void aKilledDriverLeavesNothingHalf() throws Exception {
        Programs.Running driver = begun();

        TinyTraining.signal("KILL", driver.process().toHandle());

        assertThat(driver.end().exitCode()).isEqualTo(137);
        training.noOrphans();
        SortedSet<Integer> committed = checkpoints.committed();
        for (int step : committed) {
            checkpoints.requireWhole(step);
        }
        endsWell(training.begin("Train"));
        assertThat(training.fact("resumed_from_step"))
                .isEqualTo(committed.last().longValue());
    }

    /** The run ends well, and of its checkpoints those that are to be kept are there and whole. */
    void endsWell(Programs.Running driver) throws Exception {
        Programs.Submitted submitted = driver.end();
        assertThat(submitted.exitCode()).as(submitted.said()).isZero();
        training.noOrphans();
        assertThat(checkpoints.steps())
                .isEqualTo(checkpoints.committed())
                .hasSize(LIMIT)
                .endsWith(STEPS);
        for (int step : checkpoints.steps()) {
            checkpoints.requireWhole(step);
        }
    }
}
