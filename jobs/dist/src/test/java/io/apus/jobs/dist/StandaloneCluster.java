package io.apus.jobs.dist;

import java.io.File;
import java.io.IOException;
import java.net.ConnectException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A real Spark standalone cluster on the loopback address, started from the jars in {@code home}: a master and workers of one core. */
final class StandaloneCluster implements AutoCloseable {
    private static final List<String> OPENS = List.of(
            "java.lang",
            "java.lang.invoke",
            "java.lang.reflect",
            "java.io",
            "java.net",
            "java.nio",
            "java.util",
            "java.util.concurrent",
            "java.util.concurrent.atomic",
            "sun.nio.ch",
            "sun.nio.cs",
            "sun.security.action",
            "sun.util.calendar");
    private static final long STARTUP_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final Path home;
    private final Path logs;
    private final List<Process> processes = new ArrayList<>();
    private final String url;

    private StandaloneCluster(Path home, Path logs, int port) {
        this.home = home;
        this.logs = logs;
        this.url = "spark://127.0.0.1:" + port;
    }

    /** Starts a master and {@code workers} workers and waits until all of them are known to the master. */
    static StandaloneCluster start(Path home, Path logs, int workers) throws IOException, InterruptedException {
        int port = freePort();
        int web = freePort();
        StandaloneCluster cluster = new StandaloneCluster(home, logs, port);
        cluster.daemon("master.Master", "--host", "127.0.0.1", "--port", "" + port, "--webui-port", "" + web);
        for (int i = 0; i < workers; i++) {
            Path folder = Files.createDirectories(logs.resolve("worker-" + i));
            cluster.daemon(
                    "worker.Worker",
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
        cluster.awaitWorkers(web, workers);
        return cluster;
    }

    /** What spark-submit does: runs {@code main} of {@code jar} on this cluster. */
    Submitted submit(String main, Path jar, List<String> args) throws IOException, InterruptedException {
        return begin(main, jar, args).end();
    }

    /** As {@link #submit}, without waiting. */
    Running begin(String main, Path jar, List<String> args) throws IOException {
        List<String> words = new ArrayList<>(List.of("--master", url, "--class", main, jar.toString()));
        words.addAll(args);
        Path out = logs.resolve(main + ".out");
        Path err = logs.resolve(main + ".err");
        Process process = java("1g", "org.apache.spark.deploy.SparkSubmit", words)
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        processes.add(process);
        return new Running(process, out, err);
    }

    /** A submitted program at work. */
    record Running(Process process, Path out, Path err) {
        Submitted end() throws IOException, InterruptedException {
            if (!process.waitFor(5, TimeUnit.MINUTES)) {
                process.destroyForcibly();
            }
            return new Submitted(process.waitFor(), Files.readString(out), Files.readString(err));
        }
    }

    /** The processes of this cluster's executors. */
    List<ProcessHandle> executors() {
        return processes.stream()
                .flatMap(Process::descendants)
                .filter(ProcessHandle::isAlive)
                .toList();
    }

    /** How a submitted program ended. */
    record Submitted(int exitCode, String out, String err) {}

    private void daemon(String main, String... args) throws IOException {
        File log = logs.resolve("daemon-" + processes.size() + ".log").toFile();
        processes.add(java("256m", "org.apache.spark.deploy." + main, List.of(args))
                .redirectErrorStream(true)
                .redirectOutput(log)
                .start());
    }

    private ProcessBuilder java(String heap, String main, List<String> args) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        // Each process is short-lived: Java's second compiler would not pay off.
        command.addAll(List.of("-Xmx" + heap, "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
        OPENS.forEach(name -> command.add("--add-opens=java.base/" + name + "=ALL-UNNAMED"));
        command.add("-cp");
        command.add(home.resolve("conf") + File.pathSeparator + home.resolve("jars") + "/*");
        command.add(main);
        command.addAll(args);
        ProcessBuilder builder = new ProcessBuilder(command).directory(logs.toFile());
        builder.environment().put("SPARK_HOME", home.toString());
        builder.environment().put("SPARK_SCALA_VERSION", "2.12");
        builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
        return builder;
    }

    private void awaitWorkers(int web, int workers) throws IOException, InterruptedException {
        HttpClient client = HttpClient.newHttpClient();
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + web + "/json/"))
                .build();
        long deadline = System.nanoTime() + STARTUP_NANOS;
        while (System.nanoTime() < deadline) {
            if (processes.get(0).waitFor(200, TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException("the master ended: " + Files.readString(logs.resolve("daemon-0.log")));
            }
            if (state(client, request).contains("\"aliveworkers\":" + workers)) {
                return;
            }
        }
        throw new IllegalStateException(
                "the workers did not register: " + Files.readString(logs.resolve("daemon-0.log")));
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

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() throws InterruptedException {
        for (Process process : processes) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().waitFor();
        }
    }
}
