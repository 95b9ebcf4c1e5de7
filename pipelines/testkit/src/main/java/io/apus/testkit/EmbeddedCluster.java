package io.apus.testkit;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Lets a test start {@code local-cluster[n,cores,MiB]} with real executor processes although there is no Spark installation: the
 * executors get the test's own class path. Knows Spark only by the names of its settings.
 */
public final class EmbeddedCluster {
    private final Path home;

    private EmbeddedCluster(Path home) {
        this.home = home;
    }

    /** Prepares a Spark home below {@code folder}; the executors' logs and work files go there too. */
    public static EmbeddedCluster in(Path folder) {
        try {
            Files.createDirectories(folder.resolve("jars"));
            return new EmbeddedCluster(folder);
        } catch (IOException fault) {
            throw new UncheckedIOException(fault);
        }
    }

    /** Settings of a session on {@code executors} processes of {@code cores} task slots, small and without web pages. */
    public Map<String, String> settings(int executors, int cores) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("spark.master", "local-cluster[" + executors + "," + cores + ",1024]");
        settings.put("spark.app.name", "test");
        settings.put("spark.driver.host", "127.0.0.1");
        settings.put("spark.driver.bindAddress", "127.0.0.1");
        settings.put("spark.ui.enabled", "false");
        settings.put("spark.executor.memory", "512m");
        settings.put("spark.executorEnv.SPARK_SCALA_VERSION", scalaVersion());
        settings.put("spark.executor.extraJavaOptions", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC");
        settings.put("spark.sql.shuffle.partitions", "2");
        settings.put("spark.sql.warehouse.dir", home.resolve("warehouse").toString());
        settings.put("spark.local.dir", home.resolve("local").toString());
        return settings;
    }

    /**
     * Runs {@code start}, which must create the Spark context, while Spark takes this as its home. Spark reads these properties when
     * its embedded workers start and not again, so that they are put back for whatever the test does next.
     */
    public <T> T whileStarting(Supplier<T> start) {
        Map<String, String> properties = Map.of("spark.testing", "true", "spark.test.home", home.toString());
        Map<String, String> before = new LinkedHashMap<>();
        properties.forEach((name, value) -> before.put(name, System.setProperty(name, value)));
        try {
            return start.get();
        } finally {
            before.forEach((name, value) -> {
                if (value == null) {
                    System.clearProperty(name);
                } else {
                    System.setProperty(name, value);
                }
            });
        }
    }

    /** What the executors wrote to standard error, for the message of a failing test. */
    public String executorLogs() {
        try (Stream<Path> files = Files.walk(home)) {
            return files.filter(file -> file.endsWith("stderr"))
                    .map(EmbeddedCluster::text)
                    .collect(Collectors.joining("\n"));
        } catch (IOException fault) {
            throw new UncheckedIOException(fault);
        }
    }

    private static String text(Path file) {
        try {
            return file + "\n" + Files.readString(file);
        } catch (IOException fault) {
            throw new UncheckedIOException(fault);
        }
    }

    private static String scalaVersion() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(entry -> Path.of(entry).getFileName().toString())
                .filter(jar -> jar.startsWith("spark-core_"))
                .map(jar -> jar.substring("spark-core_".length(), jar.indexOf('-', "spark-core_".length())))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("spark-core is not on the class path"));
    }
}
