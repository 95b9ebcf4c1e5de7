package io.apus.spark.barrier;

import io.apus.schemas.UserError;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Phaser;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.spark.ExceptionFailure;
import org.apache.spark.ExecutorLostFailure;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobEnd;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.SparkListenerTaskStart;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.collection.Iterator;

/**
 * Sees on the driver why ranks end. A rank that fails by its own fault would fail again: the job is cancelled at once instead of
 * being retried. The loss of an executor is left to Spark, which retries the whole stage.
 */
final class StageWatch extends SparkListener {
    private static final Logger LOG = LoggerFactory.getLogger(StageWatch.class);
    private static final String GROUP = "spark.jobGroup.id";

    private final SparkContext context;
    private final String run;
    private final ReportDesk desk;
    private final Set<Integer> stages = ConcurrentHashMap.newKeySet();
    private final Set<Integer> jobs = ConcurrentHashMap.newKeySet();
    private final CountDownLatch ended = new CountDownLatch(1);
    /** One party for each task that runs, and one for whoever waits. */
    private final Phaser running = new Phaser(1);

    private final List<RankFailure> failures = new ArrayList<>();
    private final List<String> losses = new ArrayList<>();
    private volatile String reason = "no reason given";

    StageWatch(SparkContext context, String run, ReportDesk desk) {
        this.context = context;
        this.run = run;
        this.desk = desk;
    }

    @Override
    public void onJobStart(SparkListenerJobStart event) {
        Properties properties = event.properties();
        if (properties != null && run.equals(properties.getProperty(GROUP))) {
            jobs.add(event.jobId());
            for (Iterator<Object> ids = event.stageIds().iterator(); ids.hasNext(); ) {
                stages.add((Integer) ids.next());
            }
        }
    }

    @Override
    public void onStageSubmitted(SparkListenerStageSubmitted event) {
        int attempt = event.stageInfo().attemptNumber();
        if (attempt > 0 && stages.contains(event.stageInfo().stageId())) {
            desk.retried(attempt, reason);
        }
    }

    @Override
    public void onTaskEnd(SparkListenerTaskEnd event) {
        if (!stages.contains(event.stageId())) {
            return;
        }
        running.arriveAndDeregister();
        if (event.reason() instanceof ExecutorLostFailure loss) {
            lost(
                    event.taskInfo().index(),
                    "executor " + loss.execId() + ": "
                            + (loss.reason().isDefined() ? loss.reason().get() : "no reason given"));
        } else if (event.reason() instanceof ExceptionFailure failure
                && failure.className().equals(RankFailure.class.getName())) {
            failed(rankFailure(event.taskInfo().index(), failure));
        }
    }

    @Override
    public void onTaskStart(SparkListenerTaskStart event) {
        if (stages.contains(event.stageId())) {
            running.register();
        }
    }

    @Override
    public void onJobEnd(SparkListenerJobEnd event) {
        if (jobs.contains(event.jobId())) {
            ended.countDown();
        }
    }

    private static RankFailure rankFailure(int rank, ExceptionFailure failure) {
        if (failure.exception().isDefined() && failure.exception().get() instanceof RankFailure carried) {
            return carried;
        }
        return RankFailure.ofText(rank, failure.fullStackTrace());
    }

    private void lost(int rank, String why) {
        desk.log(rank, "the rank is lost with " + why.strip());
        synchronized (this) {
            losses.add(why.strip());
            reason = why.strip();
        }
    }

    private void failed(RankFailure failure) {
        synchronized (this) {
            failures.add(failure);
        }
        if (!failure.peerBlamed()) {
            context.cancelJobGroup(run);
        } else {
            reason = "its peers: " + failure.getMessage();
        }
    }

    /** Waits until all tasks that were started have ended, but no longer than {@code patience}. */
    void awaitTasks(Duration patience) throws InterruptedException {
        int phase = running.arriveAndDeregister();
        try {
            running.awaitAdvanceInterruptibly(phase, patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException stuck) {
            LOG.warn("some ranks have not ended within {} s", patience.toSeconds());
        }
    }

    private boolean cancelled(RuntimeException stageFailure) {
        return context.isStopped() || saysCancelled(String.valueOf(stageFailure.getMessage()));
    }

    /** Spark 4 puts the class of the error in front of the words of Spark 3. */
    static boolean saysCancelled(String message) {
        return message.matches("(?s)(\\[\\w+] )?Job \\d+ cancelled.*");
    }

    /** What to throw for {@code stageFailure}, once Spark has told everything about this job. */
    RuntimeException explain(RuntimeException stageFailure) throws InterruptedException {
        boolean told = context.isStopped() || ended.await(10, TimeUnit.SECONDS);
        synchronized (this) {
            failures.sort(RankFailure::byGuilt);
            if (!failures.isEmpty() && !(failures.get(0).peerBlamed() && !losses.isEmpty())) {
                return failures.get(0).toThrow();
            }
            if (cancelled(stageFailure)) {
                return new RanksCancelled(stageFailure);
            }
            if (told && !losses.isEmpty()) {
                return new UserError(
                        "The ranks could not finish",
                        "executors were lost in " + losses.size() + " attempts, the last one: "
                                + losses.get(losses.size() - 1),
                        "Exit code 137 means killed, most often for memory: raise cluster.memory_overhead "
                                + "(spark.executor.memoryOverhead). What is committed is kept: the same command goes on from it.",
                        stageFailure);
            }
        }
        return stageFailure;
    }
}
