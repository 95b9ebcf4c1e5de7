package io.apus.jobs.dist;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.hdfs.DistributedFileSystem;

/** A real HDFS on the loopback address, each server a process: a name node and two data nodes, which keep two copies of each block. */
final class HadoopCluster implements AutoCloseable {
    private static final String NAME_NODE = "org.apache.hadoop.hdfs.server.namenode.NameNode";
    private static final String DATA_NODE = "org.apache.hadoop.hdfs.server.datanode.DataNode";
    private static final int DATA_NODES = 2;

    private final Programs programs;
    private final Path folder;
    private final Map<String, String> settings = new LinkedHashMap<>();
    private final List<Process> dataNodes = new ArrayList<>();
    private Process nameNode;

    private HadoopCluster(Programs programs, Path folder) {
        this.programs = programs;
        this.folder = folder;
    }

    /** Formats and starts it, and waits until all of it is there. */
    static HadoopCluster start(Path sparkHome, Path servers, Path folder) throws Exception {
        Path conf = Files.createDirectories(folder.resolve("conf"));
        Programs programs = new Programs(sparkHome, folder)
                .withClasses(servers.resolve("hadoop/*"))
                .withClasses(conf);
        HadoopCluster cluster = new HadoopCluster(programs, folder);
        cluster.configure(Programs.freePort());
        HadoopXml.write(conf, cluster.settings);
        Process format = programs.start("format", "256m", NAME_NODE, List.of("-format", "-nonInteractive"));
        if (!format.waitFor(60, TimeUnit.SECONDS) || format.exitValue() != 0) {
            throw new IllegalStateException("cannot format: " + Files.readString(folder.resolve("format.log")));
        }
        cluster.startNameNode();
        for (int i = 0; i < DATA_NODES; i++) {
            String data = folder.resolve("data-" + i).toUri().toString();
            cluster.dataNodes.add(
                    programs.start("DataNode-" + i, "256m", DATA_NODE, List.of("-D", "dfs.datanode.data.dir=" + data)));
        }
        cluster.awaitDataNodes();
        return cluster;
    }

    private void configure(int port) {
        settings.put("fs.defaultFS", "hdfs://127.0.0.1:" + port);
        settings.put("dfs.namenode.name.dir", folder.resolve("names").toUri().toString());
        for (String server :
                List.of("namenode.http-address", "datanode.address", "datanode.http.address", "datanode.ipc.address")) {
            settings.put("dfs." + server, "127.0.0.1:0");
        }
        settings.put("dfs.datanode.hostname", "127.0.0.1");
        settings.put("dfs.replication", Integer.toString(DATA_NODES));
        settings.put("dfs.namenode.safemode.extension", "0");
        settings.put("dfs.heartbeat.interval", "1");
        settings.put("dfs.namenode.heartbeat.recheck-interval", "2000");
    }

    private void awaitDataNodes() throws Exception {
        try (DistributedFileSystem files = (DistributedFileSystem) files()) {
            TinyTraining.await("the data nodes", () -> {
                try {
                    return files.getDataNodeStats().length == DATA_NODES;
                } catch (ConnectException notYet) {
                    return false;
                }
            });
        }
    }

    /** {@code hdfs://HOST:PORT}. */
    String uri() {
        return settings.get("fs.defaultFS");
    }

    /** A client's view of the files, apart from what other clients of this process keep. */
    FileSystem files() throws IOException {
        return FileSystem.newInstance(URI.create(uri()), new Configuration());
    }

    void startNameNode() throws IOException {
        nameNode = programs.start("NameNode", "256m", NAME_NODE, List.of());
    }

    Process nameNode() {
        return nameNode;
    }

    Process dataNode(int number) {
        return dataNodes.get(number);
    }

    @Override
    public void close() throws InterruptedException {
        programs.close();
    }
}
