package io.apus.jobs.dist;

import java.io.File;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Programs of Spark's and Hadoop's, each a Java process of its own; closing this ends them and what they have started. */
final class Programs implements AutoCloseable {
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

    private final Path logs;
    private final List<Path> classPath = new ArrayList<>();
    private final Map<String, String> environment = new TreeMap<>();
    private final List<Process> processes = new ArrayList<>();

    /**
     * Programs from Spark's jars.
     *
     * @param logs the folder that they work in and print to
     */
    Programs(Path sparkHome, Path logs) {
        this.logs = logs;
        classPath.add(sparkHome.resolve("conf"));
        classPath.add(sparkHome.resolve("jars/*"));
        environment.put("SPARK_HOME", sparkHome.toString());
        environment.put("SPARK_SCALA_VERSION", "2.12");
        environment.put("SPARK_LOCAL_IP", "127.0.0.1");
        environment.put("JAVA_HOME", System.getProperty("java.home"));
    }

    /** Puts a folder, or {@code FOLDER/*} for its jars, before what is on the class path. */
    Programs withClasses(Path entry) {
        classPath.add(0, entry);
        return this;
    }

    /** Programs that bring all they need. */
    Programs onlyClasses(Path jar) {
        classPath.clear();
        return withClasses(jar);
    }

    Programs with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    Path logs() {
        return logs;
    }

    /** Starts {@code main}, which prints to {@code name.log}. */
    Process start(String name, String heap, String main, List<String> args) throws IOException {
        File log = logs.resolve(name + ".log").toFile();
        return started(java(heap, main, args)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
                .start());
    }

    /** Starts {@code main} of {@code jar} by spark-submit. */
    Running submit(List<String> options, String main, Path jar, List<String> args) throws IOException {
        List<String> words = new ArrayList<>(options);
        words.addAll(List.of("--class", main, jar.toString()));
        words.addAll(args);
        Path out = logs.resolve(main + ".out");
        Path err = logs.resolve(main + ".err");
        return new Running(
                started(java("1g", "org.apache.spark.deploy.SparkSubmit", words)
                        .redirectOutput(out.toFile())
                        .redirectError(err.toFile())
                        .start()),
                out,
                err);
    }

    private Process started(Process process) {
        processes.add(process);
        return process;
    }

    private ProcessBuilder java(String heap, String main, List<String> args) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        // Each process is short-lived: Java's second compiler would not pay off.
        command.addAll(List.of("-Xmx" + heap, "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
        OPENS.forEach(name -> command.add("--add-opens=java.base/" + name + "=ALL-UNNAMED"));
        command.add("-cp");
        command.add(classPath.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator)));
        command.add(main);
        command.addAll(args);
        ProcessBuilder builder = new ProcessBuilder(command).directory(logs.toFile());
        builder.environment().putAll(environment);
        return builder;
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

    /** How a submitted program ended. */
    record Submitted(int exitCode, String out, String err) {
        String said() {
            return out + err;
        }
    }

    /** What the programs have started and what is still at work. */
    List<ProcessHandle> children() {
        return processes.stream()
                .flatMap(Process::descendants)
                .filter(ProcessHandle::isAlive)
                .toList();
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() throws InterruptedException {
        for (Process process : processes) {
            List<ProcessHandle> all = Stream.concat(process.descendants(), Stream.of(process.toHandle()))
                    .toList();
            all.forEach(ProcessHandle::destroyForcibly);
            process.waitFor();
        }
    }
}
