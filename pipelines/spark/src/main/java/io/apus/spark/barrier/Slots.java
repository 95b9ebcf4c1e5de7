package io.apus.spark.barrier;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.status.api.v1.ExecutorSummary;
import scala.collection.Iterator;

/**
 * How many tasks of a session can run at once.
 *
 * @param available task slots of all executors together
 * @param arithmetic where the number comes from, e.g. "2 executors x 1 core / spark.task.cpus 1"
 */
record Slots(int available, String arithmetic) {
    private static final Pattern LOCAL_CLUSTER =
            Pattern.compile("local-cluster\\[\\s*(\\d+)\\s*,\\s*(\\d+)\\s*,\\s*\\d+\\s*]");

    /** What the live executors offer now, accelerators considered. */
    static Slots now(SparkContext context) {
        List<Integer> cores = new ArrayList<>();
        for (Iterator<ExecutorSummary> all =
                        context.statusStore().executorList(true).iterator();
                all.hasNext(); ) {
            int of = all.next().totalCores();
            if (of > 0) {
                cores.add(of);
            }
        }
        int available =
                context.maxNumConcurrentTasks(context.resourceProfileManager().defaultResourceProfile());
        return new Slots(available, arithmetic(cores, cpusPerTask(context.conf())));
    }

    /** The most slots that the session can ever have, where its settings say so. */
    static Optional<Slots> most(SparkContext context) {
        SparkConf conf = context.conf();
        if (context.isLocal()) {
            return Optional.of(now(context));
        }
        Matcher embedded = LOCAL_CLUSTER.matcher(context.master());
        if (embedded.matches()) {
            return Optional.of(of(Integer.parseInt(embedded.group(1)), Integer.parseInt(embedded.group(2)), conf));
        }
        if (conf.contains("spark.executor.instances") && conf.contains("spark.executor.cores")) {
            return Optional.of(
                    of(conf.getInt("spark.executor.instances", 1), conf.getInt("spark.executor.cores", 1), conf));
        }
        if (conf.contains("spark.cores.max")) {
            int cores = conf.getInt("spark.cores.max", 1);
            int cpus = cpusPerTask(conf);
            return Optional.of(new Slots(cores / cpus, "spark.cores.max " + cores + " / spark.task.cpus " + cpus));
        }
        return Optional.empty();
    }

    private static Slots of(int executors, int cores, SparkConf conf) {
        int cpus = cpusPerTask(conf);
        return new Slots(executors * (cores / cpus), arithmetic(Collections.nCopies(executors, cores), cpus));
    }

    private static int cpusPerTask(SparkConf conf) {
        return Math.max(1, conf.getInt("spark.task.cpus", 1));
    }

    private static String arithmetic(List<Integer> cores, int cpusPerTask) {
        String executors = cores.size() + (cores.size() == 1 ? " executor" : " executors");
        String with = "";
        if (!cores.isEmpty() && cores.stream().distinct().count() == 1) {
            with = " x " + cores.get(0) + (cores.get(0) == 1 ? " core" : " cores");
        } else if (!cores.isEmpty()) {
            with = " with "
                    + String.join(" + ", cores.stream().map(String::valueOf).toList()) + " cores";
        }
        return executors + with + " / spark.task.cpus " + cpusPerTask;
    }

    @Override
    public String toString() {
        return available + (available == 1 ? " slot = " : " slots = ") + arithmetic;
    }
}
