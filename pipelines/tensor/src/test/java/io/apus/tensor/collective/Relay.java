package io.apus.tensor.collective;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The network between ranks of this machine: rank n is at 127.0.0.(10 n + 10), and who calls it at the address after that is connected
 * through here. Each connection is, for that is the address which a rank comes to hear of another; {@link #cut} lets nothing pass any
 * more, while all connections stay open.
 *
 * <p>Gloo lets the rank with the greater address call the other: what stands in for an address keeps their order.
 */
final class Relay implements AutoCloseable {
    /** The beginning of an IPv4 socket address in memory: AF_INET, then the port in network order, then the address. */
    private static final byte[] FAMILY = {2, 0};

    private static final byte[] NETWORK = {127, 0, 0};

    private final Set<InetSocketAddress> known = ConcurrentHashMap.newKeySet();
    private final List<Closeable> opened = new CopyOnWriteArrayList<>();
    private volatile boolean cut;

    /** Where {@code rank} is. */
    static String host(int rank) {
        return address(10 * rank + 10);
    }

    /** Where the others believe {@code rank} to be. */
    static String standIn(int rank) {
        return address(10 * rank + 11);
    }

    private static String address(int last) {
        return "127.0.0." + last;
    }

    /** Connects {@code rank}'s port with whoever calls it. */
    void to(int rank, int port) {
        if (known.add(new InetSocketAddress(host(rank), port))) {
            open(rank, port);
        }
    }

    void cut() {
        cut = true;
    }

    private void open(int rank, int port) {
        try {
            ServerSocket door = new ServerSocket();
            door.bind(new InetSocketAddress(standIn(rank), port));
            opened.add(door);
            start(() -> {
                while (true) {
                    join(door.accept(), rank, port);
                }
            });
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private void join(Socket near, int rank, int port) throws IOException {
        Socket far = new Socket();
        opened.addAll(List.of(near, far));
        try {
            far.connect(new InetSocketAddress(host(rank), port));
        } catch (IOException nobody) {
            near.close();
            return;
        }
        start(() -> carry(near, far));
        start(() -> carry(far, near));
    }

    private void carry(Socket from, Socket to) throws IOException {
        byte[] buffer = new byte[1 << 16];
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream();
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
            if (!cut) {
                standIn(buffer, read);
                out.write(buffer, 0, read);
            }
        }
        if (!cut) {
            to.close();
        }
    }

    private void standIn(byte[] bytes, int length) {
        for (int i = 0; i + 8 <= length; i++) {
            if (Arrays.equals(bytes, i, i + 2, FAMILY, 0, 2)
                    && Arrays.equals(bytes, i + 4, i + 7, NETWORK, 0, 3)
                    && bytes[i + 7] % 10 == 0) {
                int port = Short.toUnsignedInt(ByteBuffer.wrap(bytes).getShort(i + 2));
                to(bytes[i + 7] / 10 - 1, port);
                bytes[i + 7]++;
            }
        }
    }

    private interface Work {
        void run() throws IOException;
    }

    private static void start(Work work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (IOException closed) {
                        // An end of the connection is gone, and with it the work.
                    }
                },
                "relay");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        for (Closeable one : opened) {
            one.close();
        }
    }
}
