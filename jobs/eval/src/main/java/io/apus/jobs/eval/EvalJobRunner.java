package io.apus.jobs.eval;

import io.apus.eval.task.Outcome;
import io.apus.jobs.launch.Progress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.spark.SparkJobInfo;
import org.apache.spark.SparkStageInfo;
import org.apache.spark.api.java.JavaFutureAction;
import org.apache.spark.api.java.JavaSparkContext;

/** Spreads units over the executors, and says how far they are. */
final class EvalJobRunner {
    private static final int POLL_MILLISECONDS = 200;

    private final JavaSparkContext context;
    private final Progress progress;

    EvalJobRunner(JavaSparkContext context, Progress progress) {
        this.context = context;
        this.progress = progress;
    }

    /** The outcomes of all units, by task and item. */
    List<Outcome> run(List<EvalUnit> units, EvalWork work, int partitions) throws InterruptedException {
        progress.begin("evaluate", partitions);
        JavaFutureAction<List<String>> future = context.parallelize(dealt(units, partitions), partitions)
                .mapPartitions(work)
                .collectAsync();
        List<String> outcomes = await(future);
        return outcomes.stream()
                .map(EvalUnit::outcomeFromJson)
                .sorted(Comparator.comparing(Outcome::task).thenComparing(Outcome::item))
                .toList();
    }

    /** Units dealt out like cards, since neighbours take about equally long and sets do not; Spark cuts the list into even pieces. */
    private static List<String> dealt(List<EvalUnit> units, int partitions) {
        List<String> dealt = new ArrayList<>();
        for (int partition = 0; partition < partitions; partition++) {
            for (int i = partition; i < units.size(); i += partitions) {
                dealt.add(units.get(i).toJson());
            }
        }
        return dealt;
    }

    private List<String> await(JavaFutureAction<List<String>> future) throws InterruptedException {
        while (true) {
            try {
                return future.get(POLL_MILLISECONDS, TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                progress.update(finishedTasks(future), "parts done");
            } catch (ExecutionException e) {
                throw e.getCause() instanceof RuntimeException known ? known : new IllegalStateException(e.getCause());
            }
        }
    }

    private int finishedTasks(JavaFutureAction<List<String>> future) {
        int finished = 0;
        for (int job : future.jobIds()) {
            SparkJobInfo info = context.statusTracker().getJobInfo(job);
            for (int stage : info == null ? new int[0] : info.stageIds()) {
                SparkStageInfo stageInfo = context.statusTracker().getStageInfo(stage);
                finished += stageInfo == null ? 0 : stageInfo.numCompletedTasks();
            }
        }
        return finished;
    }
}
