package io.apus.jobs.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.apus.jobs.launch.options.RunSpecReader;
import io.apus.schemas.UserError;
import io.apus.schemas.spec.RunSpec;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SessionsTest {
    private static final SparkConf NOTHING = new SparkConf(false);

    @Test
    void anEmbeddedClusterStaysOnThisMachineAndSharesOurClassPath() {
        Map<String, String> settings = Sessions.settings(spec("--master", "local-cluster[2,3,900]"), 0, NOTHING);

        assertThat(settings)
                .containsEntry("spark.master", "local-cluster[2,3,900]")
                .containsEntry("spark.driver.host", "127.0.0.1")
                .containsEntry("spark.executor.memory", "900m")
                .containsEntry("spark.cores.max", "6")
                .containsEntry("spark.executorEnv.OMP_NUM_THREADS", "3")
                .containsEntry("spark.executorEnv.OPENBLAS_NUM_THREADS", "1")
                .containsEntry("spark.plugins", "io.apus.spark.barrier.ReportPlugin");
        assertThat(settings.get("spark.executor.extraClassPath")).contains("jackson-databind");
        assertThat(settings.get("spark.executor.extraJavaOptions"))
                .contains("-Dorg.bytedeco.javacpp.maxphysicalbytes=0");
    }

    @Test
    void freedTensorsOfAQuantisedModelGoBackToTheSystem(@TempDir Path model) throws IOException {
        String key = "spark.executorEnv.GLIBC_TUNABLES";
        String folder = model.toString();
        assertThat(Sessions.settings(spec("--model", folder), 0, NOTHING).get(key))
                .contains("mmap_threshold=4294967296");
        assertThat(Sessions.settings(spec("--model", folder, "--quant_method", "bnb", "--quant_bits", "4"), 0, NOTHING)
                        .get(key))
                .isEqualTo("glibc.malloc.mmap_threshold=1048576");
        Files.writeString(model.resolve("config.json"), "{\"quantization_config\": {\"quant_method\": \"gptq\"}}");
        assertThat(Sessions.settings(spec("--model", folder), 0, NOTHING).get(key))
                .isEqualTo("glibc.malloc.mmap_threshold=1048576");
    }

    @Test
    void whatTheUserSetsWins() {
        Map<String, String> settings = Sessions.settings(
                spec(
                        "--spark_conf",
                        "spark.executor.memory=3g",
                        "spark.executor.extraJavaOptions=-Dmine=1",
                        "spark.plugins=my.Plugin"),
                0,
                NOTHING);

        assertThat(settings)
                .containsEntry("spark.executor.memory", "3g")
                .containsEntry("spark.plugins", "my.Plugin,io.apus.spark.barrier.ReportPlugin");
        assertThat(settings.get("spark.executor.extraJavaOptions"))
                .startsWith("-Dmine=1 ")
                .contains("/train/logs/crash-%p.log")
                .contains("-Dorg.bytedeco.javacpp.maxbytes=0");
    }

    @Test
    void underSparkSubmitTheMasterIsLeftAlone() {
        SparkConf submitted = new SparkConf(false).set("spark.master", "yarn");

        assertThat(Sessions.settings(spec("--master", "local[1]"), 0, submitted))
                .doesNotContainKeys("spark.master", "spark.driver.host");
    }

    @Test
    void whereExecutorsAreStartedOnDemandThereAreEnoughForAllRanks() {
        String key = "spark.executor.instances";
        SparkConf yarn = new SparkConf(false).set("spark.master", "yarn");
        SparkConf wide = yarn.clone().set("spark.executor.cores", "8");

        assertThat(Sessions.settings(spec("--world_size", "5"), 0, yarn)).containsEntry(key, "5");
        assertThat(Sessions.settings(spec("--world_size", "5", "--spark_conf", "spark.task.cpus=4"), 0, wide))
                .containsEntry(key, "3");
        assertThat(Sessions.settings(spec("--world_size", "1"), 0, wide)).containsEntry(key, "2");
        assertThat(Sessions.settings(spec("--spark_conf", key + "=7"), 0, yarn)).containsEntry(key, "7");
        assertThat(Sessions.settings(spec(), 0, NOTHING)).doesNotContainKey(key);
    }

    @Test
    void nativeMemoryIsPlannedFromTheModel(@TempDir Path model) throws IOException {
        try (RandomAccessFile weights =
                new RandomAccessFile(model.resolve("model.safetensors").toFile(), "rw")) {
            weights.setLength(200L << 20);
        }
        long small = memory(spec(), 0);
        long full = memory(created("--tuner_type", "full"), 0);
        long lora = memory(spec("--model", model.toString()), 0);

        assertThat(small).isEqualTo(1536);
        // 2 x (1000 x 1024) + 10 layers x (2 x 1024 x 32 x (32 + 8) + 3 x 1024 x 4096) = 154 M weights of 4 bytes
        assertThat(full).isEqualTo(1536 + 154_091_520L * 16 / (1 << 20));
        assertThat(memory(created("--tuner_type", "full"), 1)).isEqualTo(1536 + 154_091_520L * 4 / (1 << 20));
        // 200 MiB of two-byte weights, held as floats
        assertThat(lora).isEqualTo(1536 + 400);
        assertThat(memory(spec("--memory_overhead", "99"), 0)).isEqualTo(99);
    }

    @Test
    void aStageThatNeedsMoreNativeMemoryGetsItForEachTaskOfAnExecutor() {
        assertThat(memory(spec(), 5000)).isEqualTo(5000);
        assertThat(memory(
                        spec("--world_size", "3", "--spark_conf", "spark.executor.cores=8", "spark.task.cpus=4"), 5000))
                .isEqualTo(10_000);
        assertThat(memory(spec("--memory_overhead", "99"), 5000)).isEqualTo(99);
    }

    @Test
    void whatSparkSubmitSaysOfCoresAndGpusDecidesHowManyRanksAnExecutorHolds() {
        SparkConf yarn = new SparkConf(false).set("spark.master", "yarn").set("spark.executor.cores", "8");
        SparkConf narrow = yarn.clone().set("spark.task.cpus", "4");
        SparkConf gpus = yarn.clone().set("spark.executor.resource.gpu.amount", "1");
        RunSpec six = spec("--world_size", "6", "--master", "local-cluster[2,3,900]");

        assertThat(Sessions.settings(six, 5000, narrow))
                .containsEntry("spark.executorEnv.OMP_NUM_THREADS", "4")
                .containsEntry("spark.executor.instances", "3")
                .containsEntry("spark.executor.memoryOverhead", "10000m");
        assertThat(Sessions.settings(six, 5000, gpus))
                .containsEntry("spark.executorEnv.OMP_NUM_THREADS", "1")
                .containsEntry("spark.executor.instances", "6")
                .containsEntry("spark.executor.memoryOverhead", "5000m");
    }

    /** In the words of Spark 3.5 and 4. */
    @Test
    void aMasterThatCannotBeHadIsTheUsersToMend() {
        Exception unknown = new SparkException("Could not parse Master URL: 'yarn'");
        Exception other = new IllegalStateException("another");

        assertThat(SessionRefusal.explained(unknown, "yarn"))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("\"yarn\" is no master")
                .hasMessageContaining("start with spark-submit");
        assertThat(SessionRefusal.explained(other, "yarn")).isSameAs(other);
        assertThatThrownBy(() -> SessionRefusal.requireMaster("spark://host:7077", "spark-application-1795314958"))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("no master answers at spark://host:7077");
        SessionRefusal.requireMaster("spark://host:7077", "app-20261122023558-0000");
        SessionRefusal.requireMaster("k8s://host", "spark-application-1795314958");
    }

    @Test
    void inClusterModeTheRunFolderIsNotBelowTheDriversWorkingFolder() {
        SparkConf cluster = new SparkConf(false).set("spark.submit.deployMode", "cluster");

        assertThatThrownBy(() -> new Asked(spec(), cluster).requireLastingFolder())
                .isInstanceOf(UserError.class)
                .hasMessageContaining("Give output_dir by its whole path");
        new Asked(spec("--output_dir", "/shared/out"), cluster).requireLastingFolder();
        new Asked(spec(), NOTHING).requireLastingFolder();
    }

    /** An executor of a standalone master has all cores of its machine unless it is told otherwise. */
    @Test
    void memoryIsPlannedForAllRanksWhereExecutorsTakeWholeMachines() {
        String master = "spark://host:7077";

        assertThat(memory(spec("--world_size", "3", "--master", master), 5000)).isEqualTo(15_000);
        assertThat(memory(
                        spec("--world_size", "3", "--master", master, "--spark_conf", "spark.executor.cores=1"), 5000))
                .isEqualTo(5000);
    }

    private static long memory(RunSpec spec, long forOneTask) {
        return NativeMemory.mebibytes(new Asked(spec, NOTHING), forOneTask);
    }

    private static RunSpec created(String... words) {
        List<String> all = new ArrayList<>(List.of(
                "--dataset",
                "d",
                "--vocab_size",
                "1000",
                "--hidden_size",
                "1024",
                "--num_hidden_layers",
                "10",
                "--num_attention_heads",
                "32",
                "--num_key_value_heads",
                "8",
                "--intermediate_size",
                "4096",
                "--tie_word_embeddings",
                "false"));
        all.addAll(List.of(words));
        return RunSpecReader.read(Optional.empty(), List.of(), all);
    }

    private static RunSpec spec(String... words) {
        List<String> all = new ArrayList<>(List.of("--model", "m", "--dataset", "d"));
        all.addAll(List.of(words));
        return RunSpecReader.read(Optional.empty(), List.of(), all);
    }
}
