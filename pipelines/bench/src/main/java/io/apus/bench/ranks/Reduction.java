package io.apus.bench.ranks;

import io.apus.bench.measure.Table;
import io.apus.schemas.World;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import io.apus.tensor.collective.Collectives;
import io.apus.tensor.collective.GlooCollectives;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.bytedeco.pytorch.Tensor;

/** The all-reduce of two ranks beside two threads that send each other the same bytes over a bare TCP connection. */
public final class Reduction {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final int CHUNK = 1 << 20;

    private final int rounds;

    public Reduction(int rounds) {
        this.rounds = rounds;
    }

    /** Adds a line; each of two ranks sends and receives as many bytes as the tensor has, in either way. */
    public void measure(Table table, long bytes) {
        double reduce = reduce(bytes);
        double raw = raw(bytes);
        table.row(bytes / 1e6, raw * 1e3, reduce * 1e3, bytes / raw / 1e9, bytes / reduce / 1e9, 100 * raw / reduce);
    }

    /** Median seconds of one all-reduce. */
    public double reduce(long bytes) {
        List<String> endpoints = List.of("127.0.0.1:" + freePort(), "127.0.0.1:0");
        CompletableFuture<double[]> other = CompletableFuture.supplyAsync(() -> reduce(endpoints, 1, bytes));
        double[] seconds = reduce(endpoints, 0, bytes);
        other.join();
        return median(seconds);
    }

    private double[] reduce(List<String> endpoints, int rank, long bytes) {
        try (Scope scope = Scope.open();
                Collectives group = GlooCollectives.join(new World(rank, 2, endpoints, 0), PATIENCE, PATIENCE)) {
            Tensor tensor = Torch.zeros(bytes / Float.BYTES);
            double[] seconds = new double[rounds];
            for (int round = -1; round < rounds; round++) {
                group.barrier();
                long start = System.nanoTime();
                group.allReduceSum(tensor).await();
                if (round >= 0) {
                    seconds[round] = (System.nanoTime() - start) / 1e9;
                }
            }
            return seconds;
        }
    }

    private double raw(long bytes) {
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (ServerSocketChannel server = ServerSocketChannel.open().bind(any);
                SocketChannel one = SocketChannel.open(server.getLocalAddress());
                SocketChannel two = server.accept()) {
            double[] seconds = new double[rounds];
            for (int round = -1; round < rounds; round++) {
                long start = System.nanoTime();
                CompletableFuture.allOf(
                                CompletableFuture.runAsync(() -> send(one, bytes)),
                                CompletableFuture.runAsync(() -> send(two, bytes)),
                                CompletableFuture.runAsync(() -> receive(one, bytes)),
                                CompletableFuture.runAsync(() -> receive(two, bytes)))
                        .join();
                if (round >= 0) {
                    seconds[round] = (System.nanoTime() - start) / 1e9;
                }
            }
            return median(seconds);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot talk to this machine itself", e);
        }
    }

    private static void send(SocketChannel channel, long bytes) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(CHUNK);
        try {
            for (long left = bytes; left > 0; ) {
                buffer.clear().limit((int) Math.min(CHUNK, left));
                left -= channel.write(buffer);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void receive(SocketChannel channel, long bytes) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(CHUNK);
        try {
            for (long left = bytes; left > 0; ) {
                buffer.clear().limit((int) Math.min(CHUNK, left));
                left -= channel.read(buffer);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot find a free port", e);
        }
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
