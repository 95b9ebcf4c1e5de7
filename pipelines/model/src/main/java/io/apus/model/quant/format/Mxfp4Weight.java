package io.apus.model.quant.format;

import io.apus.model.layer.Cut;
import io.apus.tensor.Scope;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.bytedeco.pytorch.Tensor;

/**
 * A matrix in {@link Mxfp4}.
 *
 * @param blocks uint8 [outFeatures, inFeatures / 32, 16]
 * @param scales uint8 [outFeatures, inFeatures / 32]
 */
public record Mxfp4Weight(Tensor blocks, Tensor scales) implements QuantisedWeight {
    @Override
    public long outFeatures() {
        return blocks.size(0);
    }

    @Override
    public long inFeatures() {
        return blocks.size(1) * Mxfp4.BLOCK;
    }

    @Override
    public Tensor dequantise() {
        return Mxfp4.dequantise(blocks, scales);
    }

    @Override
    public Optional<QuantisedWeight> part(Cut cut, int dimension) {
        return (dimension == 0 ? Optional.of(cut) : cut.by(Mxfp4.BLOCK)).map(own -> {
            try (Scope scope = Scope.open()) {
                return new Mxfp4Weight(scope.keep(own.of(blocks, dimension)), scope.keep(own.of(scales, dimension)));
            }
        });
    }

    @Override
    public SortedMap<String, Tensor> tensors() {
        SortedMap<String, Tensor> all = new TreeMap<>();
        all.put("blocks", blocks);
        all.put("scales", scales);
        return all;
    }
}
