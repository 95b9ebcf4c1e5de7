package io.apus.model.tuner.lycoris;

import io.apus.model.layer.Cut;
import io.apus.model.layer.Parameter;
import io.apus.model.layer.Projection;
import io.apus.model.tuner.method.AdditiveProjection;
import io.apus.model.tuner.method.InitialValues;
import io.apus.tensor.Torch;
import java.util.List;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.Tensor;

/**
 * LoHa: adds the elementwise product of two low-rank matrices (Hyeon-Woo et al., 2021; PEFT tuners/loha).
 *
 * @param added w1_a [outFeatures, rank], w1_b [rank, inFeatures], w2_a and w2_b as they
 */
record LohaProjection(Projection base, LycorisSettings settings, List<Parameter> added) implements AdditiveProjection {
    /** The last factor starts at zero, so that at first nothing changes. */
    static LohaProjection around(
            String module, Projection base, LycorisSettings settings, GeneratorOptional generator) {
        long rank = settings.rank();
        return new LohaProjection(
                base,
                settings,
                List.of(
                        InitialValues.kaiming(module + ".hada_w1_a", generator, base.outFeatures(), rank),
                        InitialValues.kaiming(module + ".hada_w1_b", generator, rank, base.inFeatures()),
                        InitialValues.kaiming(module + ".hada_w2_a", generator, base.outFeatures(), rank),
                        InitialValues.constant(module + ".hada_w2_b", 0, rank, base.inFeatures())));
    }

    @Override
    public Tensor delta() {
        return product(0).mul(product(2)).mul(Torch.scalar(settings.scale()));
    }

    private Tensor product(int first) {
        return added.get(first).tensor().mm(added.get(first + 1).tensor());
    }

    @Override
    public Tensor kept(Tensor change, Cut outputs, boolean training) {
        return LycorisDropout.kept(settings, change, outputs, true, training);
    }

    @Override
    public boolean leftOut(boolean training) {
        return LycorisDropout.leavesOut(settings, training);
    }
}
