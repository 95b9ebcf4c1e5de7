package io.apus.train.checkpoint;

import io.apus.tensor.DType;
import io.apus.tensor.Device;
import io.apus.tensor.NoGrad;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.bytedeco.pytorch.Tensor;

/** A copy of what a rank writes, in host memory that is used again for the next checkpoint: training goes on while it is written. */
final class Staging {
    private final Map<String, Tensor> buffers = new HashMap<>();

    /** The same pieces with the values of this moment. */
    SortedMap<String, List<HeldPiece>> copy(SortedMap<String, List<HeldPiece>> sections) {
        SortedMap<String, List<HeldPiece>> copies = new TreeMap<>();
        try (Scope scope = Scope.open();
                NoGrad guard = Torch.noGrad()) {
            sections.forEach((section, pieces) -> {
                List<HeldPiece> copied = new ArrayList<>();
                for (HeldPiece held : pieces) {
                    Tensor buffer = buffer(section + "/" + held.piece(), held.tensor());
                    buffer.copy_(held.tensor());
                    copied.add(new HeldPiece(held.piece(), buffer));
                }
                copies.put(section, copied);
            });
        }
        return copies;
    }

    private Tensor buffer(String key, Tensor like) {
        Tensor kept = buffers.get(key);
        if (kept != null && DType.of(kept) == DType.of(like) && Arrays.equals(Torch.shape(kept), Torch.shape(like))) {
            return kept;
        }
        Scope.release(kept);
        Tensor made = Scope.own(Device.CPU.empty(DType.of(like), Torch.shape(like)));
        buffers.put(key, made);
        return made;
    }

    void release() {
        buffers.values().forEach(Scope::release);
        buffers.clear();
    }
}
