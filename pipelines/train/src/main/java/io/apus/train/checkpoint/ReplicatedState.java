package io.apus.train.checkpoint;

import io.apus.tensor.Torch;
import io.apus.tensor.collective.Collectives;
import java.util.ArrayList;
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
        Map<String, Long> sizes = new TreeMap<>();
        tensors.forEach((name, tensor) -> sizes.put(name, Torch.bytes(tensor)));
        this.owners = Shares.balanced(sizes, collectives.size());
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
