package io.apus.jobs.train;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.apus.schemas.UserError;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;

class MemoryCheckTest {
    private static final long MIB = 1 << 20;
    /** 1000 MiB in all. */
    private static final MemoryEstimate RANK =
            new MemoryEstimate(100 * MIB, 0, 100 * MIB, 200 * MIB, 50 * MIB, 50 * MIB, 0, 500 * MIB);

    @Test
    void tooLittleIsRefusedWithTheArithmetic() {
        SparkConf conf = new SparkConf(false).set("spark.executor.memoryOverhead", "1500m");

        assertThatCode(() -> MemoryCheck.require("yarn", conf, 1, RANK)).doesNotThrowAnyException();
        assertThatThrownBy(() -> MemoryCheck.require("spark://host:7077", conf, 2, RANK))
                .isInstanceOf(UserError.class)
                .hasMessageContaining(
                        "need 2000 MiB beside the heap of an executor = 2 ranks x 1000 MiB = weights 100 + gradients 100")
                .hasMessageContaining("spark.executor.memoryOverhead is 1500 MiB")
                .hasMessageContaining(
                        "Set cluster.memory_overhead=2000 (spark.executor.memoryOverhead=2000m), or spread");
    }

    @Test
    void whatSparkTakesByItselfCounts() {
        assertThatThrownBy(() -> MemoryCheck.require("yarn", new SparkConf(false), 1, RANK))
                .hasMessageContaining("is not set, which makes 384 MiB = 10% of 1024, at least 384");
        assertThatCode(() ->
                        MemoryCheck.require("yarn", new SparkConf(false).set("spark.executor.memory", "10g"), 1, RANK))
                .doesNotThrowAnyException();
    }

    @Test
    void anEmbeddedSparkHasNoLimit() {
        SparkConf nothing = new SparkConf(false);

        assertThatCode(() -> MemoryCheck.require("local[2]", nothing, 1, RANK)).doesNotThrowAnyException();
        assertThatCode(() -> MemoryCheck.require("local-cluster[2,1,1024]", nothing, 1, RANK))
                .doesNotThrowAnyException();
    }
}
