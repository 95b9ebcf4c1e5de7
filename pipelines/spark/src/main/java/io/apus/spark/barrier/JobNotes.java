package io.apus.spark.barrier;

import java.time.Duration;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * Shows the progress of a running stage in Spark's own pages. Spark fixes a job's description when the job starts, so each note is
 * an empty job (no task) whose description is the note: the list of jobs then tells, newest first, how far the ranks are.
 */
public final class JobNotes {
    private final SparkContext context;
    private final long everyNanos;
    private long next = System.nanoTime();

    /** @param every shortest time between two notes; those in between are left out */
    public JobNotes(SparkContext context, Duration every) {
        this.context = context;
        this.everyNanos = every.toNanos();
    }

    /** Notes {@code text}, unless the last note is too recent. */
    public synchronized void note(String text) {
        long now = System.nanoTime();
        if (now - next < 0 || context.isStopped()) {
            return;
        }
        next = now + everyNanos;
        String before = context.getLocalProperty("spark.job.description");
        String group = context.getLocalProperty("spark.jobGroup.id");
        try {
            context.setJobDescription(text);
            context.setLocalProperty("spark.jobGroup.id", null);
            JavaSparkContext.fromSparkContext(context).emptyRDD().count();
        } finally {
            context.setJobDescription(before);
            context.setLocalProperty("spark.jobGroup.id", group);
        }
    }
}
