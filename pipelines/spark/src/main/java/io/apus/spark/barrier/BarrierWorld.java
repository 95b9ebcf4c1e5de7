package io.apus.spark.barrier;

import io.apus.schemas.UserError;
import io.apus.schemas.World;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.apache.spark.BarrierTaskContext;
import org.apache.spark.TaskKilledException;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.rdd.RDD;
import org.apache.spark.resource.ResourceInformation;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Function1;
import scala.collection.Iterator;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

/** The world of ranks as a Spark barrier stage makes it; the only class that knows barriers. */
final class BarrierWorld {
    private static final Logger LOG = LoggerFactory.getLogger(BarrierWorld.class);

    private final BarrierTaskContext context;
    private final World world;

    private BarrierWorld(BarrierTaskContext context, World world) {
        this.context = context;
        this.world = world;
    }

    /**
     * {@code ranks} with one barrier task for each of its partitions; the results come in one partition, in any order.
     *
     * <p>Spark retries a lost barrier stage only if a shuffle follows it: a job's last stage may have handed out results already.
     */
    static <T> JavaRDD<byte[]> stage(RDD<T> ranks, RankShape shape, Function1<Iterator<T>, Iterator<byte[]>> body) {
        ClassTag<byte[]> bytes = ClassTag$.MODULE$.apply(byte[].class);
        RDD<byte[]> stage = ranks.barrier().mapPartitions(body, false, bytes);
        return shape.own().map(stage::withResources).orElse(stage).toJavaRDD().coalesce(1, true);
    }

    /** Inside a barrier task: meets the other ranks. Each names an address that the others can reach, with a port that is free there. */
    static BarrierWorld join() throws IOException {
        BarrierTaskContext context = BarrierTaskContext.get();
        int rank = context.partitionId();
        String host = host(context.getTaskInfos()[rank].address());
        // The port stays bound until all ranks have met, so that nothing else takes it in between; it does not listen,
        // so that
        // a rank which is earlier is refused and tries again instead of talking to nobody.
        try (Socket port = new Socket()) {
            port.bind(new InetSocketAddress(host, 0));
            String[] endpoints = context.allGather(host + ":" + port.getLocalPort());
            endIfKilled(context);
            World world = new World(rank, endpoints.length, List.of(endpoints), context.stageAttemptNumber());
            return new BarrierWorld(context, world);
        }
    }

    World world() {
        return world;
    }

    /** The device that Spark has given to this rank: "cuda:1" for the GPU of address 1, "cpu" where there is none. */
    String device() {
        ResourceInformation gpus = context.resourcesJMap().get(RankShape.GPU);
        if (gpus == null || gpus.addresses().length == 0) {
            return "cpu";
        }
        return cuda(gpus.addresses()[0]);
    }

    private static String cuda(String address) {
        if (!address.matches("[0-9]{1,4}")) {
            throw new UserError(
                    "Cannot use the GPU " + address,
                    "its address is not a number, as CUDA counts devices",
                    "Let spark.executor.resource.gpu.discoveryScript name indices, as nvidia-smi --query-gpu=index does.");
        }
        return "cuda:" + address;
    }

    /** True if Spark wants this task to end. */
    boolean killed() {
        return context.isInterrupted();
    }

    /** Waits for all ranks, so that none ends well while another still may need it to be started again. */
    void meet() {
        context.barrier();
        endIfKilled(context);
    }

    /** As {@link #meet}, but goes on alone when the others have not come in time; being killed ends the wait, too. */
    void meetWithin(Duration patience) {
        Thread waiting = Thread.currentThread();
        ScheduledExecutorService alarms = Executors.newSingleThreadScheduledExecutor();
        ScheduledFuture<?> alarm = alarms.schedule(waiting::interrupt, patience.toMillis(), TimeUnit.MILLISECONDS);
        try {
            context.barrier();
        } catch (Exception alarmOrEnd) {
            // Scala throws the InterruptedException undeclared. Whatever ended the wait, the caller's own error counts.
            LOG.debug("the other ranks did not come", alarmOrEnd);
        } finally {
            alarm.cancel(false);
            alarms.shutdownNow();
            Thread.interrupted();
        }
    }

    void endIfKilled() {
        endIfKilled(context);
    }

    /** Spark's barriers swallow the interrupt of a kill that comes while they end. */
    private static void endIfKilled(BarrierTaskContext context) {
        if (context.isInterrupted()) {
            throw new TaskKilledException("another rank ended");
        }
    }

    /** The host of "host:port"; an IPv6 address keeps no brackets. */
    static String host(String address) {
        String host = address.contains(":") ? address.substring(0, address.lastIndexOf(':')) : address;
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }
}
