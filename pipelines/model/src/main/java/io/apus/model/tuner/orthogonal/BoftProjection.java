package io.apus.model.tuner.orthogonal;

import io.apus.model.layer.Cut;
import io.apus.model.layer.MatrixProjection;
import io.apus.model.layer.Parameter;
import io.apus.model.layer.Projection;
import io.apus.model.tuner.method.DivisibleByOutputs;
import io.apus.model.tuner.method.InitialValues;
import io.apus.tensor.Device;
import io.apus.tensor.NoGrad;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * BOFT: turns a layer's inputs by a butterfly of orthogonal blocks and scales its outputs (Liu et al., 2023; PEFT tuners/boft).
 *
 * @param blocks [factors, blocks, size, size], of which the skew-symmetric part counts
 * @param scales [outFeatures, 1]
 */
record BoftProjection(Projection base, double dropout, Butterfly butterfly, Parameter blocks, Parameter scales)
        implements DivisibleByOutputs {
    /** Blocks start at zero and scales at 1, so that at first nothing changes. */
    static BoftProjection around(String module, Projection base, BoftSettings settings) {
        Butterfly butterfly = Butterfly.of(module, base.inFeatures(), settings);
        long size = butterfly.blockSize();
        return new BoftProjection(
                base,
                settings.dropout(),
                butterfly,
                InitialValues.constant(module + ".boft_R", 0, butterfly.factors(), butterfly.blocks(), size, size),
                InitialValues.constant(module + ".boft_s", 1, base.outFeatures(), 1));
    }

    @Override
    public Tensor forward(Tensor input, boolean training) {
        Tensor turned = input;
        int dropping = training && dropout > 0
                ? (int) torch.randint(butterfly.factors(), new long[] {1}).item_long()
                : -1;
        for (int factor = butterfly.factors() - 1; factor >= 0; factor--) {
            Tensor turns = turns(factor);
            turned = apply(turned, factor, factor == dropping ? BlockRotation.drop(turns, dropout) : turns);
        }
        return scaled(base.forward(turned, training));
    }

    /** Scales the outputs but not the bias in them. */
    private Tensor scaled(Tensor outputs) {
        Tensor row = scales.tensor().view(-1);
        return MatrixProjection.of(base)
                .bias()
                .map(Parameter::tensor)
                .map(bias -> outputs.sub(bias).mul(row).add(bias))
                .orElseGet(() -> outputs.mul(row));
    }

    private Tensor turns(int factor) {
        Tensor values = blocks.tensor().select(0, factor);
        return BlockRotation.cayley(values.sub(values.transpose(1, 2)).mul(Torch.scalar(0.5)));
    }

    /** rows P B P^T with the factor's shuffle P and blocks B. */
    private Tensor apply(Tensor rows, int factor, Tensor turns) {
        if (butterfly.factors() == 1) {
            return BlockRotation.rotate(rows, turns);
        }
        long[] order = butterfly.shuffle(factor);
        Tensor there = Device.of(rows).longs(inverse(order));
        Tensor back = Device.of(rows).longs(order);
        return BlockRotation.rotate(rows.index_select(1, there), turns).index_select(1, back);
    }

    private static long[] inverse(long[] order) {
        long[] result = new long[order.length];
        for (int i = 0; i < order.length; i++) {
            result[(int) order[i]] = i;
        }
        return result;
    }

    @Override
    public Division outputs(Division under, Cut cut) {
        Piece own = Piece.of(scales, cut, 0);
        Projection part = new BoftProjection(under.part(), dropout, butterfly, blocks, own.parameter());
        return under.with(part, List.of(own, Piece.shared(blocks)));
    }

    @Override
    public List<Parameter> added() {
        return List.of(blocks, scales);
    }

    @Override
    public Projection merged() {
        try (Scope scope = Scope.open();
                NoGrad guard = Torch.noGrad()) {
            MatrixProjection target = MatrixProjection.of(base);
            Tensor turned = target.weightMatrix();
            for (int factor = 0; factor < butterfly.factors(); factor++) {
                turned = apply(turned, factor, turns(factor).transpose(1, 2));
            }
            return target.withWeight(turned.mul(scales.tensor()));
        }
    }
}
