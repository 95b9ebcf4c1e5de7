package io.apus.jobs.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two ranks on a standalone cluster that read from an object store and keep their checkpoints there: it has no folders, no rename, no append,
 * and a file appears when its writer closes it.
 */
class S3IT {
    @TempDir
    static Path folder;

    private static S3Server store;
    private static StandaloneCluster spark;
    private static FileSystem files;
    private static TinyTraining tiny;
    private static RemoteCheckpoints runs;

    @BeforeAll
    static void start() throws Exception {
        Path home = Path.of(System.getProperty("apus.spark.home"));
        Path servers = Path.of(System.getProperty("apus.servers"));
        Path client = servers.resolve("s3a/*");
        store = S3Server.start(home, servers, Files.createDirectories(folder.resolve("s3")));
        Path logs = Files.createDirectories(folder.resolve("cluster"));
        spark = StandaloneCluster.start(new Programs(home, logs).withClasses(client), 2);
        files = store.files();
        files.copyFromLocalFile(TinyTraining.rows(), new org.apache.hadoop.fs.Path(S3Server.BUCKET + "/data/qa.csv"));
        tiny = new TinyTraining(spark, folder.resolve("out"))
                .withSpark("spark.executor.extraClassPath", client.toString());
        for (Map.Entry<String, String> setting : store.settings().entrySet()) {
            tiny = tiny.withSpark("spark.hadoop." + setting.getKey(), "\"" + setting.getValue() + "\"");
        }
        tiny = tiny.with("ingest.dataset=[" + S3Server.BUCKET + "/data/*.csv]");
        tiny.prepare("--master", "local[2]");
        runs = RemoteCheckpoints.of(
                tiny, new Checkpoints(files, new org.apache.hadoop.fs.Path(S3Server.BUCKET + "/checkpoints/tiny")));
    }

    @AfterAll
    static void stop() throws Exception {
        files.close();
        spark.close();
        store.close();
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
    void aTableThereIsASource() throws Exception {
        org.apache.hadoop.fs.Path table = new org.apache.hadoop.fs.Path(S3Server.BUCKET + "/tables/samples");
        files.copyFromLocalFile(
                new org.apache.hadoop.fs.Path(
                        folder.resolve("out/ingest/samples").toUri()),
                table);

        Programs.Submitted submitted = tiny.with(
                        "ingest.dataset=[" + table + "@v1]", "output_dir=" + folder.resolve("table"))
                .begin("Ingest")
                .end();

        assertThat(submitted.exitCode()).as(submitted.said()).isZero();
        assertThat(folder.resolve("table/ingest/manifest.json")).exists();
    }
}
