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
 * How many ranks of a session can run at once.
 *
 * @param available slots of all executors together
 * @param executors how many executors they are on; 0 where that is not known
 * @param arithmetic where the number comes from, e.g. "2 executors x 1 core / spark.task.cpus 1"
 */
record Slots(int available, int executors, String arithmetic) {
    private static final Pattern LOCAL_CLUSTER =
            Pattern.compile("local-cluster\\[\\s*(\\d+)\\s*,\\s*(\\d+)\\s*,\\s*\\d+\\s*]");
    private static final Pattern LOCAL = Pattern.compile("local(?:\\[\\s*(\\d+|\\*)\\s*(?:,\\s*\\d+\\s*)?])?");
    private static final String INSTANCES = "spark.executor.instances";
    private static final String CORES = "spark.executor.cores";
    /** Executors of a session that does not say how many, each with one core. */
    private static final int USUAL_INSTANCES = 2;

    /** What the live executors offer now. */
    static Slots now(SparkContext context, RankShape shape) {
        List<Integer> cores = new ArrayList<>();
        for (Iterator<ExecutorSummary> all =
                        context.statusStore().executorList(true).iterator();
                all.hasNext(); ) {
            int of = all.next().totalCores();
            if (of > 0) {
                cores.add(of);
            }
        }
        int available = context.maxNumConcurrentTasks(shape.profile(context));
        return new Slots(available, cores.size(), arithmetic(cores, gpus(context.conf()), shape));
    }

    /** The most slots that the session can ever have, where its settings say so. */
    static Optional<Slots> most(SparkContext context, RankShape shape) {
        SparkConf conf = context.conf();
        if (context.isLocal()) {
            return Optional.of(now(context, shape));
        }
        return asked(context.master(), conf, shape);
    }

    /** What a session of these settings asks its cluster for. */
    static Optional<Slots> asked(String master, SparkConf conf, RankShape shape) {
        Optional<Slots> embedded = embedded(master, gpus(conf), shape);
        if (embedded.isPresent()) {
            return embedded;
        }
        // A standalone master gives what it has, whatever spark.executor.instances says.
        if (startsOnDemand(master)) {
            return Optional.of(of(conf.getInt(INSTANCES, USUAL_INSTANCES), conf.getInt(CORES, 1), gpus(conf), shape));
        }
        if (conf.contains("spark.cores.max")) {
            int cores = conf.getInt("spark.cores.max", 1);
            return Optional.of(new Slots(cores / shape.cpus(), 0, "spark.cores.max " + cores + " / " + shape.cores()));
        }
        return Optional.empty();
    }

    /** YARN and Kubernetes find room for as many executors as a session asks for, and start them one by one. */
    static boolean startsOnDemand(String master) {
        return master.startsWith("yarn") || master.startsWith("k8s");
    }

    /** Whether tasks of {@code master} run in the process of the driver. */
    static boolean isLocal(String master) {
        return LOCAL.matcher(master).matches();
    }

    /** Those of a Spark that starts its own executors or is one, told from its master alone. */
    private static Optional<Slots> embedded(String master, int gpus, RankShape shape) {
        Matcher cluster = LOCAL_CLUSTER.matcher(master);
        if (cluster.matches()) {
            return Optional.of(of(Integer.parseInt(cluster.group(1)), Integer.parseInt(cluster.group(2)), gpus, shape));
        }
        Matcher local = LOCAL.matcher(master);
        return local.matches() ? Optional.of(of(1, threads(local.group(1)), gpus, shape)) : Optional.empty();
    }

    private static int threads(String given) {
        if (given == null) {
            return 1;
        }
        return given.equals("*") ? Runtime.getRuntime().availableProcessors() : Integer.parseInt(given);
    }

    private static int gpus(SparkConf conf) {
        return conf.getInt(RankShape.EXECUTOR_GPUS, 0);
    }

    static Slots of(int executors, int cores, int gpus, RankShape shape) {
        int each = cores / shape.cpus();
        if (shape.gpus() > 0) {
            each = Math.min(each, gpus / shape.gpus());
        }
        List<Integer> all = Collections.nCopies(executors, cores);
        return new Slots(executors * each, executors, arithmetic(all, gpus, shape));
    }

    private static String arithmetic(List<Integer> cores, int gpus, RankShape shape) {
        String executors = counted(cores.size(), "executor");
        String with = "";
        if (!cores.isEmpty() && cores.stream().distinct().count() == 1) {
            with = " x " + counted(cores.get(0), "core");
        } else if (!cores.isEmpty()) {
            with = " with "
                    + String.join(" + ", cores.stream().map(String::valueOf).toList()) + " cores";
        }
        String byCores = executors + with + " / " + shape.cores();
        if (shape.gpus() == 0) {
            return byCores;
        }
        return "the smaller of " + byCores + " and " + executors + " x " + counted(gpus, "GPU") + " / " + shape.gpus()
                + " GPU a rank";
    }

    private static String counted(int number, String what) {
        return number + " " + what + (number == 1 ? "" : "s");
    }

    /** Ranks on the fullest executor when Spark spreads {@code worldSize} of them evenly. */
    int ranksPerExecutor(int worldSize) {
        return executors == 0 ? 1 : (worldSize + executors - 1) / executors;
    }

    @Override
    public String toString() {
        return counted(available, "slot") + " = " + arithmetic;
    }
}
