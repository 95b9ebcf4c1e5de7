package io.apus.train.checkpoint;

import io.apus.tensor.Torch;
import io.apus.tensor.collective.Collectives;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.bytedeco.pytorch.Tensor;

/**
 * Tensors that every rank holds all of, as plain data parallelism does: each is written, and read again, by one rank, and then sent to the
 * others. The ranks' shares are balanced by bytes.
 */
public final class ReplicatedState implements ShardedState {
    private final SortedMap<String, Tensor> tensors;
    private final Collectives collectives;
    private final Map<String, Integer> owners;

    /** {@code tensors} by name, the same names, shapes and types on every rank. */
    public ReplicatedState(Map<String, Tensor> tensors, Collectives collectives) {
        this.tensors = new TreeMap<>(tensors);
        this.collectives = collectives;
        this.owners = owners(this.tensors, collectives.size());
    }

    /** The largest first, each to the rank that has the least so far. */
    private static Map<String, Integer> owners(SortedMap<String, Tensor> tensors, int ranks) {
        long[] load = new long[ranks];
        Map<String, Integer> owners = new TreeMap<>();
        Comparator<Map.Entry<String, Tensor>> bySize =
                Comparator.comparingLong(entry -> -Torch.bytes(entry.getValue()));
        for (Map.Entry<String, Tensor> entry :
                tensors.entrySet().stream().sorted(bySize).toList()) {
            int least = 0;
            for (int rank = 1; rank < ranks; rank++) {
                least = load[rank] < load[least] ? rank : least;
            }
            load[least] += Torch.bytes(entry.getValue());
            owners.put(entry.getKey(), least);
        }
        return owners;
    }

    @Override
    public List<HeldPiece> written() {
        List<HeldPiece> own = new ArrayList<>();
        tensors.forEach((name, tensor) -> {
            if (owners.get(name) == collectives.rank()) {
                own.add(HeldPiece.whole(name, tensor));
            }
        });
        return own;
    }

    @Override
    public List<HeldPiece> wanted() {
        return written();
    }

    @Override
    public void filled() {
        tensors.forEach((name, tensor) -> collectives.broadcast(tensor, owners.get(name)));
    }
}
