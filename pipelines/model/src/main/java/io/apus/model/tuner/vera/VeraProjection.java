package io.apus.model.tuner.vera;

import io.apus.model.layer.Parameter;
import io.apus.model.layer.Projection;
import io.apus.model.tuner.method.AdditiveProjection;
import io.apus.model.tuner.method.InitialValues;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * VeRA: vectors that scale two random matrices which all layers share (Kopiczko et al., 2023; PEFT tuners/vera).
 *
 * @param outer b [outFeatures]
 * @param inner d [rank]
 */
record VeraProjection(Projection base, VeraMatrices matrices, double dropout, Parameter outer, Parameter inner)
        implements AdditiveProjection {
    /** The outer vector starts at zero, so that at first nothing changes; the inner one at {@code initial}. */
    static VeraProjection around(
            String module, Projection base, VeraMatrices matrices, double dropout, double initial) {
        return new VeraProjection(
                base,
                matrices,
                dropout,
                InitialValues.constant(module + ".vera_lambda_b", 0, base.outFeatures()),
                InitialValues.constant(module + ".vera_lambda_d", initial, matrices.rank()));
    }

    private Tensor down() {
        return matrices.down().tensor().narrow(1, 0, base.inFeatures());
    }

    private Tensor up() {
        return matrices.up().tensor().narrow(0, 0, base.outFeatures());
    }

    @Override
    public Tensor delta() {
        Tensor scaledUp = outer.tensor().unsqueeze(1).mul(up());
        return scaledUp.mm(inner.tensor().unsqueeze(1).mul(down()));
    }

    @Override
    public Tensor apply(Tensor input, boolean training) {
        Tensor kept = training && dropout > 0 ? torch.dropout(input, dropout, true) : input;
        Tensor narrow = torch.linear(kept, down()).mul(inner.tensor());
        return torch.linear(narrow, up()).mul(outer.tensor());
    }

    @Override
    public List<Parameter> added() {
        return List.of(outer, inner, matrices.down(), matrices.up());
    }
}
