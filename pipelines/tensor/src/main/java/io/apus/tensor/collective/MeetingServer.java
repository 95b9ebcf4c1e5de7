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

/**
 * What rank 0 runs so that ranks learn each other's addresses: everyone who comes to a gathering names itself and leaves a few bytes; once all
 * have come, each gets the bytes of all.
 *
 * <p>One thread serves everybody: whoever has to wait is a socket at the side, not a thread.
 */
final class MeetingServer implements AutoCloseable {
    private static final int SOON_MILLIS = 100;
    private static final int SLOW_MILLIS = 5000;

    private final ServerSocket door;
    private final Map<String, Gathering> gatherings = new HashMap<>();
    private final Thread thread;

    /** Opens the door at {@code address}. */
    MeetingServer(InetSocketAddress address) {
        try {
            this.door = new ServerSocket();
            door.bind(address, 1024);
            door.setSoTimeout(SOON_MILLIS);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot listen at " + address + ": " + e.getMessage(), e);
        }
        this.thread = new Thread(this::serve, "apus-meeting");
        thread.setDaemon(true);
        thread.start();
    }

    private void serve() {
        while (!door.isClosed()) {
            try {
                welcome(door.accept());
            } catch (SocketTimeoutException nobody) {
                // The time to look who has waited too long.
            } catch (IOException e) {
                if (!door.isClosed()) {
                    throw new UncheckedIOException(e);
                }
            }
            gatherings.values().removeIf(Gathering::overdue);
        }
        gatherings.values().forEach(Gathering::close);
    }

    /** A guest that says nothing sensible is shown out; the others notice at most that one is missing. */
    private void welcome(Socket guest) {
        try {
            guest.setSoTimeout(SLOW_MILLIS);
            guest.setTcpNoDelay(true);
            MeetingRequest request = MeetingRequest.read(new DataInputStream(guest.getInputStream()));
            Gathering gathering = gatherings.computeIfAbsent(
                    request.name(), name -> new Gathering(request.size(), request.patience()));
            if (gathering.complete(request, guest)) {
                gatherings.remove(request.name());
            }
        } catch (IOException e) {
            shut(guest);
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
            thread.join();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
