package io.apus.schemas.spec;

import static io.apus.schemas.spec.Problems.orElse;

import java.util.Map;
import java.util.TreeMap;

/** Where the run takes place. Under spark-submit, what spark-submit says wins. */
@Doc("where the run takes place")
public record ClusterSpec(
        @Doc(
                        "Spark master when not started by spark-submit: local-cluster[executors,cores,MiB], local[N] or spark://host:port")
                String master,
        @Doc("native memory of an executor beside its heap, in MiB; planned from the model when not given")
                Integer memoryOverhead,
        @Doc("further Spark settings") Map<String, String> sparkConf) {
    public ClusterSpec {
        master = orElse(master, "local-cluster[2,1,1024]");
        sparkConf = sparkConf == null ? Map.of() : new TreeMap<>(sparkConf);
        Problems problems = new Problems("cluster");
        if (memoryOverhead != null) {
            problems.positive("memory_overhead", memoryOverhead);
        }
        problems.throwIfAny();
    }
}
