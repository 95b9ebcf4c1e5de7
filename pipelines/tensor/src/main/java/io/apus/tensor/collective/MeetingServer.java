package io.apus.tensor.collective;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * What rank 0 runs so that ranks learn each other's addresses: everyone who comes to a gathering names itself and leaves a few bytes; once all
 * have come, each gets the bytes of all.
 *
 * <p>Whoever has to wait is a socket at the side, not a thread; but a guest that is slow to say what it wants holds up nobody.
 */
final class MeetingServer implements AutoCloseable {
    private static final int SOON_MILLIS = 100;
    private static final int SLOW_MILLIS = 5000;

    private final ServerSocket door;
    private final Map<String, Gathering> gatherings = new HashMap<>();
    private final Set<Socket> arriving = ConcurrentHashMap.newKeySet();
    private final ExecutorService threads =
            Executors.newCachedThreadPool(work -> daemon(new Thread(work, "apus-meeting")));

    /** Opens the door at {@code address}. */
    MeetingServer(InetSocketAddress address) {
        try {
            this.door = new ServerSocket();
            door.bind(address, 1024);
            door.setSoTimeout(SOON_MILLIS);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot listen at " + address + ": " + e.getMessage(), e);
        }
        threads.execute(this::serve);
    }

    private static Thread daemon(Thread thread) {
        thread.setDaemon(true);
        return thread;
    }

    private void serve() {
        while (!door.isClosed()) {
            try {
                admit(door.accept());
            } catch (SocketTimeoutException nobody) {
                // The time to look who has waited too long.
            } catch (IOException e) {
                if (!door.isClosed()) {
                    throw new UncheckedIOException(e);
                }
            }
            synchronized (gatherings) {
                gatherings.values().removeIf(Gathering::overdue);
            }
        }
    }

    private void admit(Socket guest) {
        arriving.add(guest);
        try {
            threads.execute(() -> welcome(guest));
        } catch (RejectedExecutionException closing) {
            shut(guest);
        }
    }

    /** A guest that says nothing sensible is shown out; the others notice at most that one is missing. */
    private void welcome(Socket guest) {
        try {
            guest.setSoTimeout(SLOW_MILLIS);
            guest.setTcpNoDelay(true);
            MeetingRequest request = MeetingRequest.read(new DataInputStream(guest.getInputStream()));
            // From here on its gathering answers it, even if rank 0 has heard already and closes.
            arriving.remove(guest);
            join(request, guest);
        } catch (IOException e) {
            shut(guest);
        } finally {
            arriving.remove(guest);
        }
    }

    private void join(MeetingRequest request, Socket guest) {
        synchronized (gatherings) {
            Gathering gathering = gatherings.computeIfAbsent(
                    request.name(), name -> new Gathering(request.size(), request.patience()));
            if (gathering.complete(request, guest)) {
                gatherings.remove(request.name());
            }
        }
    }

    static void shut(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // Nobody waits for what could still have been sent.
        }
    }

    static void answer(Socket guest, MeetingAnswer answer) {
        try (guest) {
            answer.write(new DataOutputStream(guest.getOutputStream()));
        } catch (IOException gone) {
            // A rank that is gone shows in the group that the others form without it.
        }
    }

    @Override
    public void close() {
        try {
            door.close();
            arriving.forEach(MeetingServer::shut);
            threads.shutdown();
            if (!threads.awaitTermination(SLOW_MILLIS, TimeUnit.MILLISECONDS)) {
                threads.shutdownNow();
            }
            synchronized (gatherings) {
                gatherings.values().forEach(Gathering::close);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
