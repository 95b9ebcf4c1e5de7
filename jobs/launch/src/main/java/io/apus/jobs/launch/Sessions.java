package io.apus.jobs.launch;

import io.apus.schemas.manifest.RunLayout;
import io.apus.schemas.spec.ClusterSpec;
import io.apus.schemas.spec.RunSpec;
import io.apus.spark.barrier.BarrierSettings;
import io.apus.spark.barrier.BarrierStage;
import io.apus.spark.table.LinkLogStore;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkContext$;
import org.apache.spark.sql.SparkSession;
import scala.Option;

/**
 * Opens the Spark session of a run: embedded ({@code local-cluster}, {@code local}), on a standalone master, or whatever spark-submit
 * was told. What spark-submit and {@code cluster.spark_conf} say wins over what is planned here.
 */
public final class Sessions {
    private static final String MASTER = "spark.master";
    private static final String EXTENSIONS = "spark.sql.extensions";
    private static final String JAVA_OPTIONS = "spark.executor.extraJavaOptions";
    /** Tensors live outside of the heap, and without these JavaCPP would count them against it. Text is UTF-8 on every machine. */
    private static final String EXECUTOR_OPTIONS =
            "-Dorg.bytedeco.javacpp.maxphysicalbytes=0" + " -Dorg.bytedeco.javacpp.maxbytes=0 -Dfile.encoding=UTF-8";

    private Sessions() {}

    /** The master that a session would have: spark-submit's, or the run's. */
    public static String master(ClusterSpec cluster) {
        return new SparkConf().get(MASTER, cluster.master());
    }

    /** Whether this process has a session, so that {@link #open} would give it back. */
    static boolean isRunning() {
        Option<SparkContext> active = SparkContext$.MODULE$.getActive();
        return active.isDefined() && !active.get().isStopped();
    }

    /** Whether the ranks of a run compute on GPUs, as far as its settings and spark-submit's tell. */
    public static boolean ranksOnGpus(RunSpec spec) {
        return new Asked(spec, new SparkConf()).onGpus();
    }

    /** As {@link #open(RunSpec, long)}, where no stage has needs of its own. */
    public static SparkSession open(RunSpec spec) {
        return open(spec, 0);
    }

    /**
     * The session of a run.
     *
     * @param nativeMebibytes what an executor needs beside its heap for one task of the most demanding stage
     */
    public static SparkSession open(RunSpec spec, long nativeMebibytes) {
        SparkConf submitted = new SparkConf();
        SparkSession.Builder builder = SparkSession.builder();
        settings(spec, nativeMebibytes, submitted)
                .forEach((key, value) -> builder.config(key, joined(key, value, submitted)));
        String master = new Asked(spec, submitted).master();
        try {
            SparkSession session = builder.getOrCreate();
            SessionRefusal.requireMaster(master, session.sparkContext().applicationId());
            return session;
        } catch (Exception refused) {
            // Scala throws checked exceptions that javac does not see.
            throw SessionRefusal.explained(refused, master);
        }
    }

    /**
     * The settings that the session of a run will have; empty where one runs already, which has its own.
     *
     * @param nativeMebibytes as {@link #open(RunSpec, long)}
     */
    public static Optional<SparkConf> planned(RunSpec spec, long nativeMebibytes) {
        if (isRunning()) {
            return Optional.empty();
        }
        SparkConf submitted = new SparkConf();
        SparkConf planned = submitted.clone();
        settings(spec, nativeMebibytes, submitted)
                .forEach((key, value) -> planned.set(key, joined(key, value, submitted)));
        return Optional.of(planned);
    }

    /** A session of this process alone for looking at tables; spark-submit's master wins. */
    public static SparkSession forReading(String name) {
        SparkConf submitted = new SparkConf();
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("spark.app.name", name);
        settings.put("spark.ui.enabled", "false");
        withDelta(settings);
        if (!submitted.contains(MASTER)) {
            settings.put(MASTER, "local[*]");
            embedded(settings, "local[*]");
        }
        SparkSession.Builder builder = SparkSession.builder();
        settings.forEach((key, value) -> builder.config(key, joined(key, value, submitted)));
        return builder.getOrCreate();
    }

    private static void withDelta(Map<String, String> settings) {
        settings.put(EXTENSIONS, "io.delta.sql.DeltaSparkSessionExtension");
        settings.put("spark.sql.catalog.spark_catalog", "org.apache.spark.sql.delta.catalog.DeltaCatalog");
        settings.put("spark.delta.logStore.file.impl", LinkLogStore.class.getName());
    }

    /** spark-submit wins, but for settings that are lists, which gain what we need. */
    private static String joined(String key, String value, SparkConf submitted) {
        String given = submitted.get(key, value);
        boolean list = key.equals(JAVA_OPTIONS) || key.equals(BarrierSettings.PLUGINS) || key.equals(EXTENSIONS);
        if (!list || given.contains(value)) {
            return given;
        }
        return given + (key.equals(JAVA_OPTIONS) ? " " : ",") + value;
    }

    /** Everything that the session is given, if {@code submitted} is what spark-submit says. */
    static Map<String, String> settings(RunSpec spec, long nativeMebibytes, SparkConf submitted) {
        ClusterSpec cluster = spec.cluster();
        Asked asked = new Asked(spec, submitted);
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("spark.app.name", "apus " + Path.of(spec.outputDir()).getFileName());
        withDelta(settings);
        settings.put("spark.ui.showConsoleProgress", "false");
        settings.put("spark.port.maxRetries", "64");
        metrics(settings);
        settings.put("spark.executor.memoryOverhead", NativeMemory.mebibytes(asked, nativeMebibytes) + "m");
        settings.put(JAVA_OPTIONS, EXECUTOR_OPTIONS);
        if (!submitted.contains(MASTER)) {
            settings.put(MASTER, cluster.master());
            if (cluster.master().startsWith("local")) {
                embedded(settings, cluster.master());
            } else {
                settings.put("spark.jars", ClassPath.jar());
            }
        }
        if (BarrierStage.startsOnDemand(asked.master())) {
            settings.put("spark.executor.instances", Integer.toString(executors(asked)));
        }
        threads(settings, asked.coresPerRank());
        settings.put("spark.executorEnv.GLIBC_TUNABLES", FreedTensors.tunables(spec));
        settings.putAll(cluster.sparkConf());
        settings.computeIfPresent(
                JAVA_OPTIONS,
                (key, value) -> value.contains(EXECUTOR_OPTIONS) ? value : value + " " + EXECUTOR_OPTIONS);
        settings.merge(JAVA_OPTIONS, crashFile(spec), (before, crash) -> before + " " + crash);
        BarrierSettings.addTo(settings);
        return settings;
    }

    /** An executor that dies of native code tells why beside the logs of the ranks, if it can reach the run's folder. */
    private static String crashFile(RunSpec spec) {
        Path logs = new RunLayout(Path.of(spec.outputDir()).toAbsolutePath()).rankLogs();
        return "\"-XX:ErrorFile=" + logs.resolve("crash-%p.log") + "\"";
    }

    /** Names that do not change with the application's id, at {@code /metrics/prometheus} of the driver's pages. */
    private static void metrics(Map<String, String> settings) {
        settings.put("spark.metrics.namespace", "apus");
        String sink = "spark.metrics.conf.driver.sink.prometheusServlet.";
        settings.put(sink + "class", "org.apache.spark.metrics.sink.PrometheusServlet");
        settings.put(sink + "path", "/metrics/prometheus");
    }

    private static void embedded(Map<String, String> settings, String master) {
        settings.put("spark.driver.host", "127.0.0.1");
        settings.put("spark.driver.bindAddress", "127.0.0.1");
        settings.put("spark.sql.shuffle.partitions", "4");
        settings.put(JAVA_OPTIONS, EXECUTOR_OPTIONS + " -XX:+UseSerialGC");
        settings.put("spark.databricks.delta.snapshotPartitions", "2");
        Matcher cluster = Asked.LOCAL_CLUSTER.matcher(master);
        if (cluster.matches()) {
            int cores = Integer.parseInt(cluster.group(1)) * Integer.parseInt(cluster.group(2));
            settings.put("spark.executor.memory", cluster.group(3) + "m");
            settings.put("spark.executor.extraClassPath", ClassPath.whole());
            settings.put("spark.executorEnv.SPARK_SCALA_VERSION", "2.12");
            settings.put("spark.cores.max", Integer.toString(cores));
            settings.put("spark.scheduler.minRegisteredResourcesRatio", "1.0");
        }
    }

    /** One rank is one task: it may use the cores of its executor, and OpenBLAS only one (more are slower, see its thread pool). */
    private static void threads(Map<String, String> settings, int cores) {
        settings.put("spark.executorEnv.OMP_NUM_THREADS", Integer.toString(cores));
        settings.put("spark.executorEnv.OMP_WAIT_POLICY", "PASSIVE");
        settings.put("spark.executorEnv.OPENBLAS_NUM_THREADS", "1");
    }

    /** As many as hold all ranks at once; two, as Spark has them, where fewer would do. */
    private static int executors(Asked asked) {
        int ranksOfOne = asked.ranksPerExecutor();
        return Math.max(2, (asked.spec().train().worldSize() + ranksOfOne - 1) / ranksOfOne);
    }
}
