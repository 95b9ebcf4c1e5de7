package io.apus.jobs.train;

import io.apus.schemas.UserError;
import java.util.Locale;
import org.apache.spark.SparkConf;

/**
 * Refuses to train where a cluster would kill the executors: what the ranks hold beside the Java heap must fit into
 * {@code spark.executor.memoryOverhead}. An embedded Spark has no such limit and is not checked.
 */
final class MemoryCheck {
    private static final String OVERHEAD = "spark.executor.memoryOverhead";
    private static final long LEAST_OVERHEAD = 384;

    private MemoryCheck() {}

    /**
     * Looks at what a session gives its executors.
     *
     * @param ranks ranks on the fullest executor
     * @throws UserError with the arithmetic if it is too little
     */
    static void require(String master, SparkConf conf, int ranks, MemoryEstimate each) {
        boolean given = conf.contains(OVERHEAD);
        long heap = conf.getSizeAsMb("spark.executor.memory", "1g");
        double factor = conf.getDouble("spark.executor.memoryOverheadFactor", 0.1);
        long have = given ? conf.getSizeAsMb(OVERHEAD) : Math.max(LEAST_OVERHEAD, (long) (heap * factor));
        String source = given
                ? OVERHEAD + " is " + have + " MiB"
                : String.format(
                        Locale.ROOT,
                        "%s is not set, which makes %d MiB = %.0f%% of %d, at least %d",
                        OVERHEAD,
                        have,
                        100 * factor,
                        heap,
                        LEAST_OVERHEAD);
        long need = ranks * MemoryEstimate.mebibytes(each.total());
        if (master.startsWith("local") || have >= need) {
            return;
        }
        String count = ranks + (ranks == 1 ? " rank" : " ranks");
        throw new UserError(
                "Cannot train with so little native memory",
                "need " + need + " MiB beside the heap of an executor = " + count + " x " + each + "; " + source,
                "Set cluster.memory_overhead=" + need + " (" + OVERHEAD + "=" + need + "m)"
                        + (ranks == 1
                                ? ""
                                : ", or spread the ranks over more executors (spark.task.cpus, train.rank_cpus)")
                        + ", or need less: tuner_type lora, quant_method, gradient_checkpointing, a smaller max_length or batch, or more ranks for each model (parallel, deepspeed zero3).");
    }
}
