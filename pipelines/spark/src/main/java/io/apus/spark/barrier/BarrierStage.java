package io.apus.spark.barrier;

import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.SparkSession;

/** Runs one task a rank, all at once, in a Spark barrier stage. */
public final class BarrierStage {
    /** Tasks that Spark has killed may still be at work; most need less than a second to notice. */
    private static final Duration TASK_PATIENCE = Duration.ofSeconds(90);

    private static final String[] LOCAL_PROPERTIES = {
        "spark.jobGroup.id", "spark.job.description", "spark.job.interruptOnCancel"
    };

    private BarrierStage() {}

    /**
     * Runs {@code task} on {@code worldSize} ranks and returns what they returned, by rank.
     *
     * <p>If executors are lost, Spark starts all ranks again ({@code spark.stage.maxConsecutiveAttempts}, 4 by default), with a
     * higher {@link io.apus.schemas.World#attempt()}; so it does if all that is known is that ranks lost each other. If a rank's own
     * code fails, the others are ended and nothing is tried again.
     *
     * @param request what each rank needs of the cluster
     * @param timeout longest wait for executors to register
     * @param listener hears what the ranks report while they run
     * @throws io.apus.schemas.UserError if there are too few task slots or GPUs, if executors were lost too often, or as thrown by a rank
     * @throws RanksCancelled if somebody cancelled the job or stopped the session
     * @throws RankFailure with the exception of the rank that failed first by its own fault
     */
    public static <R extends Serializable> List<R> run(
            SparkSession spark,
            int worldSize,
            RankRequest request,
            Duration timeout,
            RankTask<R> task,
            RankListener listener)
            throws InterruptedException {
        SparkContext context = spark.sparkContext();
        warn(context, listener);
        RankShape shape = RankShape.of(context, request);
        SlotCheck.require(context, shape, worldSize, timeout);
        String run = "ranks-" + UUID.randomUUID();
        String[] before = swapProperties(context, group(context, run, worldSize));
        try (ReportDesk desk = ReportDesk.open(run, listener)) {
            return values(launch(context, run, worldSize, shape, task, desk));
        } finally {
            swapProperties(context, before);
        }
    }

    /**
     * Waits until {@link #run} would find room; returns how many ranks the fullest executor will hold.
     *
     * @throws io.apus.schemas.UserError as {@link #run}
     */
    public static int requireRoom(SparkSession spark, int worldSize, RankRequest request, Duration timeout)
            throws InterruptedException {
        SparkContext context = spark.sparkContext();
        return SlotCheck.require(context, RankShape.of(context, request), worldSize, timeout)
                .ranksPerExecutor(worldSize);
    }

    /**
     * Refuses, before there is a session, what {@link #run} would refuse in one of these settings, as far as they tell; returns how many
     * ranks the fullest executor will hold.
     *
     * @throws io.apus.schemas.UserError as {@link #run}
     */
    public static int requirePlanned(SparkConf settings, int worldSize, RankRequest request) {
        return SlotCheck.requirePlanned(settings, worldSize, request);
    }

    /** Whether executors of {@code master} are started as a session asks for them, so that it has to ask for enough. */
    public static boolean startsOnDemand(String master) {
        return Slots.startsOnDemand(master);
    }

    /**
     * Asks the ranks of all stages that run in this process to end early and well, see {@link RankContext#stopRequested}.
     *
     * @return true if there are any that had not been asked
     */
    public static boolean stopAll() {
        return ReportDesk.stopAll();
    }

    private static void warn(SparkContext context, RankListener listener) {
        if (!ReportPlugin.loadedIn(context)) {
            listener.warning("no live progress: this session was started without " + BarrierSettings.PLUGINS + "="
                    + ReportPlugin.class.getName());
        }
        if (!context.conf().contains(BarrierSettings.SYNC_TIMEOUT)) {
            listener.warning(
                    BarrierSettings.SYNC_TIMEOUT + " is not set: a rank may wait 365 days for one that is stuck");
        }
    }

    private static String[] group(SparkContext context, String run, int worldSize) {
        String given = context.getLocalProperty(LOCAL_PROPERTIES[1]);
        return new String[] {run, given == null ? worldSize + " ranks" : given, "true"};
    }

    private static String[] swapProperties(SparkContext context, String[] values) {
        String[] before = new String[values.length];
        for (int i = 0; i < values.length; i++) {
            before[i] = context.getLocalProperty(LOCAL_PROPERTIES[i]);
            context.setLocalProperty(LOCAL_PROPERTIES[i], values[i]);
        }
        return before;
    }

    private static List<RankEnd> launch(
            SparkContext context, String run, int worldSize, RankShape shape, RankTask<?> task, ReportDesk desk)
            throws InterruptedException {
        StageWatch watch = new StageWatch(context, run, desk);
        context.addSparkListener(watch);
        try {
            List<Integer> ranks = IntStream.range(0, worldSize).boxed().toList();
            RDD<Integer> partitions = JavaSparkContext.fromSparkContext(context)
                    .parallelize(new ArrayList<>(ranks), worldSize)
                    .rdd();
            JavaRDD<byte[]> stage = BarrierWorld.stage(partitions, shape, new RankBody<>(run, task));
            return stage.collect().stream().map(RankEnd::ofBytes).toList();
        } catch (RuntimeException failure) {
            throw watch.explain(failure);
        } catch (Exception failure) {
            // Scala throws checked exceptions that javac does not see.
            throw watch.explain(new IllegalStateException(failure.getMessage(), failure));
        } finally {
            if (!context.isStopped()) {
                context.cancelJobGroup(run);
                watch.awaitTasks(TASK_PATIENCE);
                context.removeSparkListener(watch);
            }
        }
    }

    @SuppressWarnings("unchecked") // the task that was sent returns R
    private static <R> List<R> values(List<RankEnd> ends) {
        List<R> byRank = new ArrayList<>(Collections.nCopies(ends.size(), null));
        ends.forEach(end -> byRank.set(end.rank(), (R) end.value()));
        return byRank;
    }
}
