package io.apus.tensor.collective;

import io.apus.schemas.World;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;

/**
 * Where ranks learn each other's addresses: rank 0 serves it at its endpoint, and every rank goes there once for each group it is in.
 *
 * <p>libtorch's own TCPStore would do, but it asks the name service for the name behind every connection at both of its ends: where that
 * does not answer, or loses one of many questions, each costs 5 s, and all ranks wait.
 */
final class MeetingPlace implements AutoCloseable {
    private static final Duration RETRY = Duration.ofMillis(20);
    /** How long ranks that an operation has failed wait for each other to learn who is missing. */
    private static final Duration LAST_PATIENCE = Duration.ofSeconds(3);

    private final World world;
    private final Duration rendezvous;
    private final MeetingServer server;

    /** @param rendezvous how long to wait for all ranks of a group to appear */
    MeetingPlace(World world, Duration rendezvous) {
        this.world = world;
        this.rendezvous = rendezvous;
        this.server = world.rank() == 0 ? new MeetingServer(address()) : null;
    }

    /**
     * What each rank of {@code part} has brought, by rank; all of them call this.
     *
     * @param name of the group
     */
    List<byte[]> exchange(String name, World part, byte[] own) throws IOException {
        return exchange(name, part, own, rendezvous);
    }

    /** Which of {@code part}'s ranks cannot say any more that they miss another; those that can all call this at about the same time. */
    String missing(String name, World part) {
        try {
            exchange(name + "/missing", part, new byte[0], LAST_PATIENCE);
            return "all ranks still answer: one was busy with something else, or the network between them is cut";
        } catch (SocketTimeoutException e) {
            return "rank 0 at " + address() + " does not answer";
        } catch (IOException e) {
            return e.getMessage();
        }
    }

    private List<byte[]> exchange(String name, World part, byte[] own, Duration patience) throws IOException {
        MeetingRequest request =
                new MeetingRequest("attempt-" + world.attempt() + name, part.rank(), part.size(), patience, own);
        try (Socket socket = connect(patience)) {
            socket.setTcpNoDelay(true);
            // The server ends the wait; this ends it when even the server is lost.
            socket.setSoTimeout(millis(patience.plusSeconds(2)));
            request.write(new DataOutputStream(new BufferedOutputStream(socket.getOutputStream())));
            MeetingAnswer answer =
                    MeetingAnswer.read(new DataInputStream(new BufferedInputStream(socket.getInputStream())));
            if (!answer.problem().isEmpty()) {
                throw new IOException(answer.problem());
            }
            return answer.brought();
        } catch (EOFException e) {
            throw new IOException("rank 0 at " + address() + " left before all ranks had come", e);
        }
    }

    /** As sockets count: whoever is ready to wait for months waits for weeks. */
    private static int millis(Duration patience) {
        return (int) Math.min(Integer.MAX_VALUE, patience.toMillis());
    }

    /** Rank 0 may come later than the others: they knock until it opens. */
    private Socket connect(Duration patience) throws IOException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (true) {
            try {
                return knock(patience);
            } catch (ConnectException e) {
                if (System.nanoTime() > deadline) {
                    throw new IOException(
                            "rank 0 did not open " + address() + " within " + patience.toMillis() + " ms", e);
                }
                pause();
            }
        }
    }

    private Socket knock(Duration patience) throws IOException {
        Socket socket = new Socket();
        try {
            socket.connect(address(), millis(patience));
            if (socket.getLocalSocketAddress().equals(socket.getRemoteSocketAddress())) {
                throw new ConnectException("nobody listens yet, and TCP has connected the port with itself");
            }
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    private static void pause() throws IOException {
        try {
            Thread.sleep(RETRY.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for rank 0", e);
        }
    }

    /** The host of one rank of {@code world}. */
    static String host(World world, int rank) {
        return endpoint(world, rank)[0];
    }

    private InetSocketAddress address() {
        String[] endpoint = endpoint(world, 0);
        return new InetSocketAddress(endpoint[0], Integer.parseInt(endpoint[1]));
    }

    private static String[] endpoint(World world, int rank) {
        String endpoint = world.endpoints().get(rank);
        int colon = endpoint.lastIndexOf(':');
        if (colon < 1) {
            throw new IllegalArgumentException("an endpoint reads host:port, this one is \"" + endpoint + "\"");
        }
        return new String[] {endpoint.substring(0, colon), endpoint.substring(colon + 1)};
    }

    @Override
    public void close() {
        if (server != null) {
            server.close();
        }
    }
}
