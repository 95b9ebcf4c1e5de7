package io.apus.model.tuner.bone;

import io.apus.model.layer.Parameter;
import io.apus.model.layer.Projection;
import io.apus.model.tuner.method.AdditiveProjection;
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
    static BoneProjection around(Projection base, Parameter block, double dropout) {
        long columns = block.shape()[1];
        if (base.outFeatures() % columns != 0) {
            block.close();
            throw new UserError(
                    "Cannot attach MiSS",
                    block.name() + ": " + base.outFeatures() + " outputs are no multiple of mini_r " + columns,
                    "Choose another mini_r or target_modules.");
        }
        return new BoneProjection(base, block, dropout);
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
