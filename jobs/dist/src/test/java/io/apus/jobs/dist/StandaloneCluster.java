package io.apus.jobs.dist;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** A real Spark standalone cluster on the loopback address, started from the jars in {@code home}: a master and workers of one core. */
final class StandaloneCluster implements Cluster {
    private static final long STARTUP_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final Programs programs;
    private final String url;

    private StandaloneCluster(Programs programs, int port) {
        this.programs = programs;
        this.url = "spark://127.0.0.1:" + port;
    }

    /** Starts a master and {@code workers} workers and waits until all of them are known to the master. */
    static StandaloneCluster start(Path home, Path logs, int workers) throws IOException, InterruptedException {
        return start(new Programs(home, logs), workers);
    }

    /** As the other, of Spark's jars and others. */
    static StandaloneCluster start(Programs programs, int workers) throws IOException, InterruptedException {
        Path logs = programs.logs();
        int port = Programs.freePort();
        int web = Programs.freePort();
        StandaloneCluster cluster = new StandaloneCluster(programs, port);
        Process master = cluster.daemon("Master", "--host", "127.0.0.1", "--port", "" + port, "--webui-port", "" + web);
        for (int i = 0; i < workers; i++) {
            Path folder = Files.createDirectories(logs.resolve("worker-" + i));
            cluster.daemon(
                    "Worker",
                    "--host",
                    "127.0.0.1",
                    "--webui-port",
                    "0",
                    "--cores",
                    "1",
                    "--memory",
                    "1g",
                    "--work-dir",
                    folder.toString(),
                    cluster.url);
        }
        cluster.awaitWorkers(master, web, workers);
        return cluster;
    }

    /** What spark-submit does: runs {@code main} of {@code jar} on this cluster. */
    Programs.Submitted submit(String main, Path jar, List<String> args) throws IOException, InterruptedException {
        return begin(List.of(), main, jar, args).end();
    }

    @Override
    public Programs.Running begin(List<String> options, String main, Path jar, List<String> args) throws IOException {
        List<String> words = new ArrayList<>(List.of("--master", url));
        words.addAll(options);
        return programs.submit(words, main, jar, args);
    }

    @Override
    public List<ProcessHandle> executors() {
        return programs.children();
    }

    private Process daemon(String name, String... args) throws IOException {
        return programs.start(
                name, "256m", "org.apache.spark.deploy." + name.toLowerCase(Locale.ROOT) + "." + name, List.of(args));
    }

    private void awaitWorkers(Process master, int web, int workers) throws IOException, InterruptedException {
        HttpClient client = HttpClient.newHttpClient();
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + web + "/json/"))
                .build();
        Path log = programs.logs().resolve("Master.log");
        for (long start = System.nanoTime(); System.nanoTime() - start < STARTUP_NANOS; ) {
            if (master.waitFor(200, TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException("the master ended: " + Files.readString(log));
            }
            if (state(client, request).contains("\"aliveworkers\":" + workers)) {
                return;
            }
        }
        throw new IllegalStateException("the workers did not register: " + Files.readString(log));
    }

    /** The master's state as JSON without spaces; empty while it does not answer yet. */
    private static String state(HttpClient client, HttpRequest request) throws IOException, InterruptedException {
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofString())
                    .body()
                    .replace(" ", "");
        } catch (ConnectException notYet) {
            return "";
        }
    }

    @Override
    public void close() throws InterruptedException {
        programs.close();
    }
}
