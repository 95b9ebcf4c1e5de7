package io.apus.spark.barrier;

import io.apus.schemas.UserError;
import java.time.Duration;
import java.util.Optional;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;

/** Refuses a world that the session has no room for, before Spark would wait for it. */
final class SlotCheck {
    private static final long POLL_MILLIS = 100;
    /** Executors of a new session take this long to register; later, a lost one takes less to be replaced. */
    private static final long STARTING_MILLIS = 30_000;

    private static final long REPLACING_MILLIS = 5_000;
    /** Containers are queued for, and the first on a machine fetches a jar of hundreds of megabytes. */
    private static final long ON_DEMAND_MILLIS = 180_000;

    private SlotCheck() {}

    /**
     * Returns what there is once {@code worldSize} ranks of {@code shape} can run at once.
     *
     * @param patience longest wait for executors that may still register
     * @throws UserError if they cannot, with the arithmetic
     */
    static Slots require(SparkContext context, RankShape shape, int worldSize, Duration patience)
            throws InterruptedException {
        refuseDynamicAllocation(context.master(), context.conf(), worldSize);
        Optional<Slots> most = Slots.most(context, shape);
        if (most.isPresent() && most.get().available() < worldSize) {
            throw tooFew("can have", most.get(), shape, worldSize);
        }
        long deadline = deadline(context, patience);
        Slots slots = Slots.now(context, shape);
        while (slots.available() < worldSize) {
            if (System.currentTimeMillis() >= deadline) {
                throw tooFew("has", slots, shape, worldSize);
            }
            Thread.sleep(POLL_MILLIS);
            slots = Slots.now(context, shape);
        }
        return slots;
    }

    /** As {@link #require}, before there is a session, where its settings tell how many slots there will be; returns ranks of an executor. */
    static int requirePlanned(SparkConf conf, int worldSize, RankRequest request) {
        String master = conf.get("spark.master");
        refuseDynamicAllocation(master, conf, worldSize);
        RankShape shape = RankShape.planned(conf, request);
        Optional<Slots> planned = Slots.asked(master, conf, shape);
        if (planned.isPresent() && planned.get().available() < worldSize) {
            throw tooFew("can have", planned.get(), shape, worldSize);
        }
        return planned.map(slots -> slots.ranksPerExecutor(worldSize)).orElse(1);
    }

    private static long deadline(SparkContext context, Duration patience) {
        long now = System.currentTimeMillis();
        long registered = Slots.startsOnDemand(context.master())
                ? now + ON_DEMAND_MILLIS
                : Math.max(context.startTime() + STARTING_MILLIS, now + REPLACING_MILLIS);
        return Math.min(registered, now + patience.toMillis());
    }

    private static void refuseDynamicAllocation(String master, SparkConf conf, int worldSize) {
        if (!Slots.isLocal(master) && conf.getBoolean("spark.dynamicAllocation.enabled", false)) {
            throw new UserError(
                    "Cannot start " + worldSize + " ranks at once",
                    "spark.dynamicAllocation.enabled is true, and a barrier stage needs all its executors from the start",
                    "Set spark.dynamicAllocation.enabled=false and spark.executor.instances=" + worldSize + ".");
        }
    }

    private static UserError tooFew(String verb, Slots slots, RankShape shape, int worldSize) {
        String smaller = slots.available() > 0 ? "Set train.world_size=" + slots.available() + ", or give " : "Give ";
        String gpus = shape.gpus() == 0 ? "" : " and " + shape.gpus() * worldSize + " GPUs";
        String settings = shape.gpus() == 0 ? "" : RankShape.EXECUTOR_GPUS + ", ";
        return new UserError(
                "Cannot start " + worldSize + " ranks at once",
                "need " + worldSize + " task slots" + gpus + " = world_size " + worldSize
                        + " x 1 task each; the session " + verb + " " + slots,
                smaller + "the session more executors or cores (cluster.master=local-cluster[" + worldSize
                        + ",1,1024]; " + settings
                        + "spark.executor.instances, spark.executor.cores or spark.cores.max on a cluster).");
    }
}
