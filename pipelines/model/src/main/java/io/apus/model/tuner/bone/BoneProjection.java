package io.apus.model.tuner.bone;

import io.apus.model.layer.Parameter;
import io.apus.model.layer.Projection;
import io.apus.model.tuner.method.AdditiveProjection;
import io.apus.model.tuner.method.InitialValues;
import io.apus.schemas.UserError;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Bone, called MiSS since PEFT 0.18: sums the inputs over shards of {@code rank} neighbours and maps the sums (Kang and Yin, 2024; PEFT
 * tuners/bone, tuners/miss).
 *
 * @param block [rank, outFeatures], or [rank, part of outFeatures], which then repeats
 */
record BoneProjection(Projection base, Parameter block, double dropout) implements AdditiveProjection {
    /**
     * The block starts at zero, so that at first nothing changes.
     *
     * @param name of the block
     * @param columns of the block: outFeatures or a divisor of it
     */
    static BoneProjection around(String name, Projection base, int rank, long columns, double dropout) {
        if (base.outFeatures() % columns != 0) {
            throw new UserError(
                    "Cannot attach MiSS",
                    name + ": " + base.outFeatures() + " outputs are no multiple of mini_r " + columns,
                    "Choose another mini_r or target_modules.");
        }
        return new BoneProjection(base, InitialValues.constant(name, 0, rank, columns), dropout);
    }

    private Tensor repeated() {
        Tensor values = block.tensor();
        return values.size(1) == outFeatures() ? values : values.repeat(1, outFeatures() / values.size(1));
    }

    @Override
    public Tensor delta() {
        long rank = block.tensor().size(0);
        long shards = (inFeatures() + rank - 1) / rank;
        return repeated().t().repeat(1, shards).narrow(1, 0, inFeatures());
    }

    @Override
    public Tensor apply(Tensor input, boolean training) {
        long rank = block.tensor().size(0);
        Tensor kept = training && dropout > 0 ? torch.dropout(input, dropout, true) : input;
        long missing = (rank - inFeatures() % rank) % rank;
        Tensor padded = missing == 0 ? kept : torch.constant_pad_nd(kept, 0, missing);
        return padded.reshape(input.size(0), -1, rank).sum(1).mm(repeated());
    }

    @Override
    public List<Parameter> added() {
        return List.of(block);
    }
}
