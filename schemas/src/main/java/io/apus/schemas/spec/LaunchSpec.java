package io.apus.schemas.spec;

/** Options of how the ranks are started and watched. */
@Group
public record LaunchSpec(
        @Doc(
                        "seconds without a finished step after which the stack traces of all ranks are kept below train/logs; 0 for never; half of ddp_timeout, at most 300, when not given")
                Integer stallTimeout,
        @Doc(
                        "cores of one rank, other than those of tasks of the other stages; needs stage-level scheduling (standalone, YARN, Kubernetes); spark.task.cpus when not given")
                Integer rankCpus,
        @Doc(
                        "1 for a GPU for each rank, 0 to train on the CPU; as spark.task.resource.gpu.amount says when not given, or 1 where executors have GPUs and the cluster has stage-level scheduling")
                Integer rankGpus) {
    private static final int LONGEST_STALL = 300;

    public LaunchSpec {
        Problems problems = new Problems("train");
        if (stallTimeout != null) {
            problems.notNegative("stall_timeout", stallTimeout);
        }
        if (rankGpus != null) {
            problems.require(rankGpus == 0 || rankGpus == 1, "rank_gpus", "must be 0 or 1, is " + rankGpus);
        }
        problems.positiveIfGiven("rank_cpus", rankCpus).throwIfAny();
    }

    static LaunchSpec defaults() {
        return new LaunchSpec(null, null, null);
    }

    /** Seconds: soon enough that the stacks are kept before the collectives give up after {@code ddpTimeout}. */
    int stallSeconds(int ddpTimeout) {
        return stallTimeout != null ? stallTimeout : Math.min(LONGEST_STALL, Math.max(1, ddpTimeout / 2));
    }
}
