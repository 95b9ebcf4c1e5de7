package io.apus.jobs.launch;

import io.apus.schemas.UserError;
import io.apus.schemas.spec.RunSpec;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkConf;

/**
 * What a run asks Spark for: spark-submit's settings, and those of {@code cluster.spark_conf} where spark-submit says nothing.
 *
 * @param submitted what spark-submit says
 */
record Asked(RunSpec spec, SparkConf submitted) {
    static final Pattern LOCAL_CLUSTER =
            Pattern.compile("local-cluster\\[\\s*(\\d+)\\s*,\\s*(\\d+)\\s*,\\s*(\\d+)\\s*]");
    private static final String TASK_CORES = "spark.task.cpus";
    private static final String EXECUTOR_CORES = "spark.executor.cores";
    private static final String EXECUTOR_GPUS = "spark.executor.resource.gpu.amount";

    String master() {
        return submitted.get("spark.master", spec.cluster().master());
    }

    /** Refuses a run that would write below the working folder of a driver's container, which goes when the driver ends. */
    void requireLastingFolder() {
        boolean inContainer = submitted.get("spark.submit.deployMode", "client").equals("cluster")
                || submitted.getBoolean("spark.kubernetes.submitInDriver", false);
        if (inContainer && !Path.of(spec.outputDir()).isAbsolute()) {
            throw new UserError(
                    "Cannot run in " + spec.outputDir(),
                    "in cluster mode that is below the working folder of the driver, which goes when the run ends",
                    "Give output_dir by its whole path, in a folder that all machines share.");
        }
    }

    /** Cores that a rank computes with. */
    int coresPerRank() {
        Integer own = spec.train().launch().rankCpus();
        if (own != null) {
            return own;
        }
        Matcher embedded = LOCAL_CLUSTER.matcher(master());
        return number(TASK_CORES, embedded.matches() ? parsed(embedded.group(2), 1) : 1);
    }

    /** Whether ranks compute on GPUs, as far as settings tell. */
    boolean onGpus() {
        Integer wanted = spec.train().launch().rankGpus();
        return wanted != null ? wanted > 0 : number(EXECUTOR_GPUS, 0) > 0;
    }

    /** Ranks that an executor has room for; all of them where its cores are whatever its machine has. */
    int ranksPerExecutor() {
        Integer own = spec.train().launch().rankCpus();
        boolean ofTheMachine = master().startsWith("spark:") && setting(EXECUTOR_CORES) == null;
        int byCores = ofTheMachine
                ? spec.train().worldSize()
                : number(EXECUTOR_CORES, 1) / (own != null ? own : number(TASK_CORES, 1));
        Integer wanted = spec.train().launch().rankGpus();
        int byGpus = wanted != null && wanted == 0 ? byCores : number(EXECUTOR_GPUS, byCores);
        return Math.max(1, Math.min(byCores, byGpus));
    }

    private String setting(String key) {
        return submitted.get(key, spec.cluster().sparkConf().get(key));
    }

    private int number(String key, int otherwise) {
        return parsed(setting(key), otherwise);
    }

    private static int parsed(String text, int otherwise) {
        return text != null && text.matches("[1-9]\\d{0,5}") ? Integer.parseInt(text) : otherwise;
    }
}
