package io.apus.spark.barrier;

import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.SparkSession;

/** Runs one task a rank, all at once, in a Spark barrier stage. */
public final class BarrierStage {
    private static final String[] LOCAL_PROPERTIES = {
        "spark.jobGroup.id", "spark.job.description", "spark.job.interruptOnCancel"
    };

    private BarrierStage() {}

    /**
     * Runs {@code task} on {@code worldSize} ranks and returns what they returned, by rank.
     *
     * <p>If executors are lost, Spark starts all ranks again ({@code spark.stage.maxConsecutiveAttempts}, 4 by default), with a
     * higher {@link io.apus.schemas.World#attempt()}. If a rank's own code fails, the others are ended and nothing is tried again.
     *
     * @param timeout longest wait for executors to register
     * @param listener hears what the ranks report while they run
     * @throws io.apus.schemas.UserError if there are too few task slots, if executors were lost too often, or as thrown by a rank
     * @throws RankFailure with the exception of the rank that failed first by its own fault
     */
    public static <R extends Serializable> List<R> run(
            SparkSession spark, int worldSize, Duration timeout, RankTask<R> task, RankListener listener)
            throws InterruptedException {
        SparkContext context = spark.sparkContext();
        warn(context, listener);
        SlotCheck.require(context, worldSize, timeout);
        String run = "ranks-" + UUID.randomUUID();
        String[] before = swapProperties(context, group(context, run, worldSize));
        try (ReportDesk desk = ReportDesk.open(run, listener)) {
            return values(launch(context, run, worldSize, task, desk));
        } finally {
            swapProperties(context, before);
        }
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
            SparkContext context, String run, int worldSize, RankTask<?> task, ReportDesk desk)
            throws InterruptedException {
        StageWatch watch = new StageWatch(context, run, desk);
        context.addSparkListener(watch);
        try {
            List<Integer> ranks = IntStream.range(0, worldSize).boxed().toList();
            RDD<Integer> partitions = JavaSparkContext.fromSparkContext(context)
                    .parallelize(new ArrayList<>(ranks), worldSize)
                    .rdd();
            JavaRDD<byte[]> stage = BarrierWorld.stage(partitions, new RankBody<>(run, task));
            return stage.collect().stream().map(RankEnd::ofBytes).toList();
        } catch (RuntimeException failure) {
            throw watch.explain(failure);
        } catch (Exception failure) {
            // Scala throws checked exceptions that javac does not see.
            throw watch.explain(new IllegalStateException(failure.getMessage(), failure));
        } finally {
            context.cancelJobGroup(run);
            context.removeSparkListener(watch);
        }
    }

    @SuppressWarnings("unchecked") // the task that was sent returns R
    private static <R> List<R> values(List<RankEnd> ends) {
        List<R> byRank = new ArrayList<>(Collections.nCopies(ends.size(), null));
        ends.forEach(end -> byRank.set(end.rank(), (R) end.value()));
        return byRank;
    }
}
