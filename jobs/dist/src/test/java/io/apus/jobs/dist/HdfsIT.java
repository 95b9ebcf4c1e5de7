package io.apus.jobs.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two ranks on a standalone cluster that read from a real HDFS and keep their checkpoints there, and what becomes of them when something breaks. */
class HdfsIT {
    @TempDir
    static Path folder;

    private static HadoopCluster hdfs;
    private static StandaloneCluster spark;
    private static FileSystem files;
    private static RemoteCheckpoints runs;

    @BeforeAll
    static void start() throws Exception {
        Path home = Path.of(System.getProperty("apus.spark.home"));
        hdfs = HadoopCluster.start(home, Path.of(System.getProperty("apus.servers")), folder.resolve("hdfs"));
        spark = StandaloneCluster.start(home, Files.createDirectories(folder.resolve("cluster")), 2);
        files = hdfs.files();
        org.apache.hadoop.fs.Path data = new org.apache.hadoop.fs.Path(hdfs.uri() + "/data/qa.csv");
        files.copyFromLocalFile(TinyTraining.rows(), data);
        // A Hadoop cluster's settings make names without a scheme those of HDFS. A name node that comes back is waited
        // for.
        TinyTraining tiny = new TinyTraining(spark, folder.resolve("out"))
                .withSpark("spark.hadoop.fs.defaultFS", hdfs.uri())
                .withSpark("spark.hadoop.dfs.replication", "2")
                .withSpark("spark.hadoop.dfs.client.retry.policy.enabled", "true")
                .withSpark("spark.hadoop.dfs.client.retry.policy.spec", "\"500,60\"")
                .with("ingest.dataset=[/data/qa.csv]");
        tiny.prepare("--master", "local[2]");
        runs = RemoteCheckpoints.of(
                tiny, new Checkpoints(files, new org.apache.hadoop.fs.Path(hdfs.uri() + "/runs/tiny")));
    }

    @AfterAll
    static void stop() throws Exception {
        files.close();
        spark.close();
        hdfs.close();
    }

    @Test
    void aKilledRankGoesOn() throws Exception {
        runs.aKilledRankGoesOn();
    }

    @Test
    void aKilledDriverLeavesNothingHalf() throws Exception {
        runs.aKilledDriverLeavesNothingHalf();
    }

    @Test
    void aLostDataNodeIsNotNoticed() throws Exception {
        Programs.Running driver = runs.begun();

        TinyTraining.signal("KILL", hdfs.dataNode(0).toHandle());

        runs.endsWell(driver);
        assertThat(runs.training().attempt()).isZero();
    }

    @Test
    void aNameNodeThatComesBackIsWaitedFor() throws Exception {
        Programs.Running driver = runs.begun();

        TinyTraining.signal("KILL", hdfs.nameNode().toHandle());
        hdfs.nameNode().waitFor();
        hdfs.startNameNode();

        runs.endsWell(driver);
        assertThat(runs.training().attempt()).isZero();
    }
}
