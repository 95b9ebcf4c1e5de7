package io.apus.jobs.dist;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.yarn.api.records.ApplicationReport;
import org.apache.hadoop.yarn.api.records.NodeState;
import org.apache.hadoop.yarn.api.records.YarnApplicationState;
import org.apache.hadoop.yarn.client.api.YarnClient;
import org.apache.hadoop.yarn.conf.YarnConfiguration;

/** A real YARN on the loopback address, each server a process: a resource manager and one node, which checks memory as YARN does by default. */
final class YarnCluster implements Cluster {
    /** MiB for containers. */
    static final int NODE_MEMORY = 8192;

    private static final String SERVERS = "org.apache.hadoop.yarn.server.";

    private final Programs servers;
    private final Programs drivers;
    private final YarnClient client;
    private final String sparkJars;

    private YarnCluster(Programs servers, Programs drivers, YarnClient client, String sparkJars) {
        this.servers = servers;
        this.drivers = drivers;
        this.client = client;
        this.sparkJars = sparkJars;
    }

    static YarnCluster start(Path sparkHome, Path servers, Path folder) throws Exception {
        Path conf = Files.createDirectories(folder.resolve("conf"));
        Map<String, String> settings = settings(folder);
        HadoopXml.write(conf, settings);
        Path spark = servers.resolve("yarn/*");
        // Hadoop's servers and Spark's client bring the same classes for different servlets.
        Programs own = new Programs(sparkHome, folder)
                .withClasses(servers.resolve("hadoop/*"))
                .withClasses(conf);
        own.start("ResourceManager", "256m", SERVERS + "resourcemanager.ResourceManager", List.of());
        own.start("NodeManager", "256m", SERVERS + "nodemanager.NodeManager", List.of());
        Programs drivers = new Programs(sparkHome, folder)
                .withClasses(spark)
                .withClasses(conf)
                .with("HADOOP_CONF_DIR", conf.toString());
        YarnConfiguration client = new YarnConfiguration();
        settings.forEach(client::set);
        YarnClient yarn = YarnClient.createYarnClient();
        yarn.init(client);
        yarn.start();
        TinyTraining.await(
                "the node", () -> !yarn.getNodeReports(NodeState.RUNNING).isEmpty());
        String jars = "local:" + sparkHome.resolve("jars/*") + ",local:" + spark;
        return new YarnCluster(own, drivers, yarn, jars);
    }

    private static Map<String, String> settings(Path folder) throws IOException {
        Map<String, String> settings = new LinkedHashMap<>();
        for (String server : List.of(
                "address", "scheduler.address", "resource-tracker.address", "admin.address", "webapp.address")) {
            settings.put("yarn.resourcemanager." + server, "127.0.0.1:" + Programs.freePort());
        }
        for (String server : List.of("address", "localizer.address", "webapp.address")) {
            settings.put("yarn.nodemanager." + server, "127.0.0.1:0");
        }
        settings.put("yarn.resourcemanager.scheduler.class", SERVERS + "resourcemanager.scheduler.fifo.FifoScheduler");
        settings.put("yarn.scheduler.minimum-allocation-mb", "256");
        settings.put("yarn.nodemanager.resource.memory-mb", Integer.toString(NODE_MEMORY));
        settings.put("yarn.nodemanager.local-dirs", folder.resolve("local").toString());
        settings.put("yarn.nodemanager.log-dirs", folder.resolve("containers").toString());
        settings.put("yarn.nodemanager.disk-health-checker.max-disk-utilization-per-disk-percentage", "100");
        return settings;
    }

    @Override
    public Programs.Running begin(List<String> options, String main, Path jar, List<String> args) throws IOException {
        List<String> words = new ArrayList<>(List.of("--master", "yarn", "--conf", "spark.yarn.jars=" + sparkJars));
        words.addAll(options);
        return drivers.submit(words, main, jar, args);
    }

    @Override
    public List<ProcessHandle> executors() {
        return servers.children();
    }

    /** What {@code yarn application -kill} does, to all that run. */
    void killApplications() throws Exception {
        for (ApplicationReport running : client.getApplications(EnumSet.of(YarnApplicationState.RUNNING))) {
            client.killApplication(running.getApplicationId());
        }
    }

    @Override
    public void close() throws InterruptedException {
        client.stop();
        drivers.close();
        servers.close();
    }
}
