package io.apus.spark.barrier;

import io.apus.schemas.World;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import org.apache.spark.BarrierTaskContext;
import org.apache.spark.TaskKilledException;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.rdd.RDD;
import scala.Function1;
import scala.collection.Iterator;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

/** The world of ranks as a Spark barrier stage makes it; the only class that knows barriers. */
final class BarrierWorld {
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
    static <T> JavaRDD<byte[]> stage(RDD<T> ranks, Function1<Iterator<T>, Iterator<byte[]>> body) {
        ClassTag<byte[]> bytes = ClassTag$.MODULE$.apply(byte[].class);
        return ranks.barrier().mapPartitions(body, false, bytes).toJavaRDD().coalesce(1, true);
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

    /** True if Spark wants this task to end. */
    boolean killed() {
        return context.isInterrupted();
    }

    /** Waits for all ranks, so that none ends well while another still may need it to be started again. */
    void meet() {
        context.barrier();
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
