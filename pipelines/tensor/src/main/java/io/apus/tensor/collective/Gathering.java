package io.apus.tensor.collective;

import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** The ranks of one group as they come in at the meeting place. */
final class Gathering {
    private final Socket[] guests;
    private final byte[][] brought;
    private final Duration patience;
    private final long since = System.nanoTime();

    /**
     * @param size how many are awaited
     * @param patience how long those who came first wait for the last
     */
    Gathering(int size, Duration patience) {
        this.guests = new Socket[size];
        this.brought = new byte[size][];
        this.patience = patience;
    }

    /** Lets one in, and if it was the last, gives everyone what all have brought and returns true. */
    boolean complete(MeetingRequest request, Socket guest) {
        if (request.size() != guests.length) {
            MeetingServer.answer(
                    guest,
                    MeetingAnswer.refused("it counts " + request.size() + " ranks, others count " + guests.length));
            return false;
        }
        if (guests[request.rank()] != null) {
            MeetingServer.shut(guests[request.rank()]);
        }
        guests[request.rank()] = guest;
        brought[request.rank()] = request.bytes().array();
        if (!missing().isEmpty()) {
            return false;
        }
        tellAll(MeetingAnswer.all(List.of(brought)));
        return true;
    }

    /** Whether the ranks that came have waited too long; they have been told who is missing then. */
    boolean overdue() {
        if (System.nanoTime() - since < patience.toNanos()) {
            return false;
        }
        tellAll(MeetingAnswer.refused("rank(s) " + missing() + " of " + guests.length + " did not come within "
                + patience.toSeconds() + " s"));
        return true;
    }

    private List<Integer> missing() {
        return IntStream.range(0, guests.length)
                .filter(rank -> guests[rank] == null)
                .boxed()
                .toList();
    }

    private void tellAll(MeetingAnswer answer) {
        for (Socket guest : present()) {
            MeetingServer.answer(guest, answer);
        }
    }

    void close() {
        present().forEach(MeetingServer::shut);
    }

    private List<Socket> present() {
        List<Socket> present = new ArrayList<>();
        for (Socket guest : guests) {
            if (guest != null) {
                present.add(guest);
            }
        }
        return present;
    }
}
