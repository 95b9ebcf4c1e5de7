package io.apus.model.tuner.bone;

import io.apus.model.layer.Cut;
import io.apus.model.layer.Parameter;
import io.apus.model.layer.Projection;
import io.apus.model.tuner.method.AdditiveProjection;
import io.apus.model.tuner.method.InputDropout;
import io.apus.schemas.UserError;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Bone, called MiSS since PEFT 0.18: sums the inputs over shards of {@code rank} neighbours and maps the sums (Kang and Yin, 2024; PEFT
 * tuners/bone, tuners/miss).
 *
 * @param block [rank, outFeatures], or [rank, part of outFeatures], which then repeats
 */
record BoneProjection(Projection base, Parameter block, InputDropout dropout) implements AdditiveProjection {
    static BoneProjection around(Projection base, Parameter block, double dropout) {
        long columns = block.shape()[1];
        if (base.outFeatures() % columns != 0) {
            block.close();
            throw new UserError(
                    "Cannot attach MiSS",
                    block.name() + ": " + base.outFeatures() + " outputs are no multiple of mini_r " + columns,
                    "Choose another mini_r or target_modules.");
        }
        return new BoneProjection(base, block, InputDropout.of(dropout));
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
        Tensor kept = dropout.of(input, training);
        long missing = (rank - inFeatures() % rank) % rank;
        Tensor padded = missing == 0 ? kept : torch.constant_pad_nd(kept, 0, missing);
        return padded.reshape(input.size(0), -1, rank).sum(1).mm(repeated());
    }

    /** Not where the block repeats. */
    @Override
    public Optional<Division> outputs(Cut cut) {
        boolean repeats = block.shape()[1] < cut.whole();
        return repeats ? Optional.empty() : AdditiveProjection.super.outputs(cut);
    }

    @Override
    public Division outputs(Division under, Cut cut) {
        Piece columns = Piece.of(block, cut, 1);
        return under.with(new BoneProjection(under.part(), columns.parameter(), dropout), List.of(columns));
    }

    /** Between shards. */
    @Override
    public Optional<Division> inputs(Cut cut, Consumer<Tensor> sum) {
        return cut.by(block.shape()[0]).flatMap(shards -> AdditiveProjection.super.inputs(cut, sum));
    }

    @Override
    public Division inputs(Division under, Cut cut, Consumer<Tensor> sum) {
        return under.sharing(new BoneProjection(under.part(), block, dropout.of(cut)), List.of(block));
    }

    @Override
    public List<Parameter> added() {
        return List.of(block);
    }
}
