package io.apus.train.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.IntNode;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import io.apus.tensor.collective.Collectives;
import io.apus.tensor.collective.GlooCollectives;
import io.apus.train.parallel.ThreadRanks;
import io.apus.train.storage.Storage;
import io.apus.train.storage.StoredBytes;
import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** Ranks that wait for one which works for longer than they otherwise wait for each other. */
class LongWorkTest {
    private static final Duration LIMIT = Duration.ofSeconds(2);
    private static final Duration LONGER = Duration.ofSeconds(3);
    private static final Duration MEETING = Duration.ofSeconds(60);

    @Test
    void aRankThatIsLongAtWorkIsNotGivenUp() throws Exception {
        List<String> ends = ranks(ranks -> Agreement.all(ranks, () -> {
            if (ranks.rank() == 0) {
                outlast();
            }
            return "rank " + ranks.rank();
        }));

        assertThat(ends).containsExactly("rank 0", "rank 1");
    }

    @Test
    void aCheckpointOnASlowStoreIsWaitedFor() throws Exception {
        MemoryStorage memory = new MemoryStorage();

        List<List<Integer>> committed = ranks(ranks -> {
            try (CheckpointSaver saver = new CheckpointSaver(new SlowStorage(memory), null, ranks, false)) {
                saver.begin(
                        3,
                        new Fingerprint(new TreeMap<>()),
                        new IntNode(3),
                        OptionalInt.empty(),
                        new TreeMap<>(
                                Map.of("parameters", new ReplicatedState(Map.of("w", Torch.floats(1, 2, 3)), ranks))));
                return List.copyOf(saver.finish());
            }
        });

        assertThat(committed).containsOnly(List.of(3));
        assertThat(memory.files).containsKey("step-3/manifest.json");
    }

    /** Longer than a rank waits for another in a collective. */
    private static void outlast() {
        long begin = System.nanoTime();
        while (System.nanoTime() - begin < LONGER.toNanos()) {
            LockSupport.parkNanos(LONGER.toNanos());
        }
    }

    private static <R> List<R> ranks(ThreadRanks.Work<Collectives, R> work) throws Exception {
        return ThreadRanks.worlds(2, world -> {
            try (Scope scope = Scope.open();
                    Collectives ranks = GlooCollectives.join(world, MEETING, LIMIT)) {
                R result = work.on(ranks);
                ranks.barrier();
                return result;
            }
        });
    }

    /** A store that takes long for the manifest. */
    private record SlowStorage(Storage storage) implements Storage {
        @Override
        public void put(String file, byte[] bytes) throws IOException {
            outlast();
            storage.put(file, bytes);
        }

        @Override
        public String location() {
            return storage.location();
        }

        @Override
        public WritableByteChannel create(String file) throws IOException {
            return storage.create(file);
        }

        @Override
        public StoredBytes open(String file) throws IOException {
            return storage.open(file);
        }

        @Override
        public List<String> list(String folder) throws IOException {
            return storage.list(folder);
        }

        @Override
        public void delete(String path) throws IOException {
            storage.delete(path);
        }
    }
}
