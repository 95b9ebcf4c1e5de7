package io.apus.tensor.collective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.apus.schemas.World;
import io.apus.tensor.Scope;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.bytedeco.pytorch.Store;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class MeetingPlaceTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    private final List<String> endpoints = List.of("127.0.0.1:" + freePort(), "127.0.0.1:0");

    @Test
    void whoeverIsFirstWaitsAndBothHearBoth() throws Exception {
        // Rank 1 knocks before rank 0 has opened.
        CompletableFuture<List<byte[]>> late = CompletableFuture.supplyAsync(() -> meet(1, new byte[] {7}));
        List<byte[]> first = meet(0, new byte[] {5, 6});

        assertThat(first).containsExactly(new byte[] {5, 6}, new byte[] {7});
        assertThat(late.get()).containsExactly(new byte[] {5, 6}, new byte[] {7});
    }

    /** Once in ten or twenty times the other one's answer was under way when rank 0 closed. */
    @RepeatedTest(40)
    void rankZeroMayLeaveAsSoonAsItHasHeard() throws Exception {
        CompletableFuture<List<byte[]>> other = CompletableFuture.supplyAsync(() -> meet(1, new byte[] {7}));

        assertThat(meet(0, new byte[] {5})).hasSize(2);
        assertThat(other.get()).hasSize(2);
    }

    @Test
    void whoMakesNoSenseIsShownOutAndTheOthersMeet() throws Exception {
        try (MeetingPlace place = new MeetingPlace(world(0), LONG)) {
            assertThat(answered(out -> out.writeBytes("GET / HTTP/1.1\r\n\r\n")))
                    .isEqualTo(-1);
            assertThat(answered(out -> new MeetingRequest("huge", 5, 2, LONG, new byte[0]).write(out)))
                    .isEqualTo(-1);
            Duration endless = Duration.ofMillis(Long.MAX_VALUE);
            assertThat(answered(out -> new MeetingRequest("endless", 0, 2, endless, new byte[0]).write(out)))
                    .isEqualTo(-1);
            CompletableFuture<List<byte[]>> other = CompletableFuture.supplyAsync(() -> meet(1, new byte[] {2}));
            assertThat(place.exchange("", world(0), new byte[] {1})).hasSize(2);
            assertThat(other.get()).hasSize(2);
        }
    }

    @Test
    void whoIsReadyToWaitForMonthsMeetsAtOnce() throws Exception {
        Duration months = Duration.ofHours(5000);
        CompletableFuture<List<byte[]>> other = CompletableFuture.supplyAsync(() -> meet(1, new byte[] {7}, months));

        assertThat(meet(0, new byte[] {5}, months)).hasSize(2);
        assertThat(other.get()).hasSize(2);
    }

    @Test
    void aPlaceThatClosesIsNamedToWhoWaits() throws Exception {
        try (ServerSocket door = new ServerSocket(port(), 1, InetAddress.getLoopbackAddress());
                MeetingPlace place = new MeetingPlace(world(1), LONG)) {
            CompletableFuture<Object> left = CompletableFuture.supplyAsync(() -> failure(place, world(1)));
            try (Socket guest = door.accept()) {
                MeetingRequest.read(new DataInputStream(guest.getInputStream()));
            }
            assertThat(left.get().toString()).contains("left before all ranks had come", endpoints.get(0));
        }
    }

    @Test
    void whoSaysNothingHoldsUpNobody() throws Exception {
        try (MeetingPlace place = new MeetingPlace(world(0), Duration.ofSeconds(4));
                Socket silent = new Socket(InetAddress.getLoopbackAddress(), port())) {
            CompletableFuture<List<byte[]>> other = CompletableFuture.supplyAsync(() -> meet(1, new byte[] {2}));
            assertThat(place.exchange("", world(0), new byte[] {1})).hasSize(2);
            assertThat(other.get()).hasSize(2);
            assertThat(silent.isConnected()).isTrue();
        }
    }

    @Test
    void anotherNumberOfRanksIsRefused() throws Exception {
        try (MeetingPlace place = new MeetingPlace(world(0), Duration.ofSeconds(1))) {
            CompletableFuture<Object> first = CompletableFuture.supplyAsync(() -> failure(place, world(0)));
            World three = new World(2, 3, List.of(endpoints.get(0), "a:1", "b:1"), 0);
            Object second = failure(place, three);
            assertThat(List.of(first.get().toString(), second.toString()))
                    .anySatisfy(text -> assertThat(text).contains("ranks, others count"))
                    .anySatisfy(text -> assertThat(text).contains("did not come within 1 s"));
        }
    }

    @Test
    void aPlaceThatNeverOpensIsNamed() {
        try (MeetingPlace place = new MeetingPlace(world(1), Duration.ofMillis(200))) {
            assertThatThrownBy(() -> place.exchange("", world(1), new byte[0]))
                    .hasMessageContaining("rank 0 did not open")
                    .hasMessageContaining(endpoints.get(0));
        }
    }

    @Test
    void ncclsStoreIsFoundThroughTheMeetingPlace() throws Exception {
        CompletableFuture<String> told =
                CompletableFuture.supplyAsync(() -> inStore(1, store -> store.get_to_str("key")));
        inStore(0, store -> {
            store.set("key", "value");
            return told.join();
        });

        assertThat(told.get()).isEqualTo("value");
    }

    private String inStore(int rank, Function<Store, String> work) {
        try (Scope scope = Scope.open();
                MeetingPlace place = new MeetingPlace(world(rank), LONG);
                NativeStore store = new NativeStore(place, world(rank), LONG)) {
            return work.apply(store.part("part"));
        }
    }

    private List<byte[]> meet(int rank, byte[] own) {
        return meet(rank, own, LONG);
    }

    private List<byte[]> meet(int rank, byte[] own, Duration patience) {
        try (MeetingPlace place = new MeetingPlace(world(rank), patience)) {
            return place.exchange("", world(rank), own);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Object failure(MeetingPlace place, World world) {
        try {
            return place.exchange("", world, new byte[0]);
        } catch (IOException e) {
            return e.getMessage();
        }
    }

    /** What comes back first: a byte, or -1 for the end. */
    private int answered(Saying saying) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port()));
            socket.setSoTimeout(10_000);
            saying.to(new DataOutputStream(socket.getOutputStream()));
            return socket.getInputStream().read();
        } catch (SocketException reset) {
            return -1;
        }
    }

    private int port() {
        String endpoint = endpoints.get(0);
        return Integer.parseInt(endpoint.substring(endpoint.indexOf(':') + 1));
    }

    private World world(int rank) {
        return new World(rank, 2, endpoints, 0);
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private interface Saying {
        void to(DataOutputStream out) throws IOException;
    }
}
