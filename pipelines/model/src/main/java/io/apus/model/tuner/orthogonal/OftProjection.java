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
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.bytedeco.pytorch.Tensor;

/** OFT: turns blocks of a layer's inputs by orthogonal matrices (Qiu et al., 2023, 2025; PEFT tuners/oft). */
final class OftProjection implements DivisibleByOutputs {
    private final Projection base;
    private final OftSettings settings;
    private final Parameter angles;
    private final int size;
    private final long[] places;

    /** {@code angles} are the upper triangles of the skew-symmetric matrices, [blocks, size * (size - 1) / 2]. */
    private OftProjection(Projection base, OftSettings settings, Parameter angles, int size) {
        this.base = base;
        this.settings = settings;
        this.angles = angles;
        this.size = size;
        this.places = places(size);
    }

    /** All angles start at zero, so that at first nothing turns. */
    static OftProjection around(String module, Projection base, OftSettings settings) {
        long size = settings.sizeFor(base.inFeatures());
        long blocks = settings.blockShare() ? 1 : base.inFeatures() / size;
        Parameter angles = InitialValues.constant(module + ".oft_R.weight", 0, blocks, size * (size - 1) / 2);
        return new OftProjection(base, settings, angles, Math.toIntExact(size));
    }

    /** Where the angles stand in a flattened block: row by row above its diagonal. */
    private static long[] places(int size) {
        return IntStream.range(0, size)
                .boxed()
                .flatMapToLong(row -> LongStream.range(row + 1, size).map(column -> (long) row * size + column))
                .toArray();
    }

    @Override
    public Projection base() {
        return base;
    }

    @Override
    public Tensor forward(Tensor input, boolean training) {
        Tensor turns = turns();
        Tensor kept = training ? BlockRotation.drop(turns, settings.moduleDropout()) : turns;
        return base.forward(BlockRotation.rotate(input, kept), training);
    }

    /** [blocks, size, size] */
    private Tensor turns() {
        if (settings.constrained()) {
            constrain();
        }
        Tensor skew = skew();
        return settings.neumann() > 0
                ? BlockRotation.cayleyNeumann(skew, settings.neumann())
                : BlockRotation.cayley(skew);
    }

    private Tensor skew() {
        long blocks = angles.tensor().size(0);
        Tensor upper = angles.tensor()
                .new_zeros(blocks, (long) size * size)
                .scatter(1, Device.of(angles.tensor()).longs(places).expand(blocks, -1), angles.tensor())
                .view(-1, size, size);
        return upper.sub(upper.transpose(1, 2));
    }

    /** Pulls blocks whose matrix is longer than epsilon / sqrt(blocks) back to that length. */
    private void constrain() {
        try (NoGrad guard = Torch.noGrad()) {
            Tensor values = angles.tensor();
            double limit = settings.epsilon() / Math.sqrt((double) values.size(0));
            // each angle stands twice in its matrix
            Tensor norms = values.mul(values).sum(1).mul(Torch.scalar(2)).sqrt().unsqueeze(1);
            Tensor factors = norms.reciprocal().mul(Torch.scalar(limit)).clamp_max(Torch.scalar(1));
            values.mul_(factors);
        }
    }

    @Override
    public Division outputs(Division under, Cut cut) {
        return under.sharing(new OftProjection(under.part(), settings, angles, size), added());
    }

    @Override
    public List<Parameter> added() {
        return List.of(angles);
    }

    @Override
    public Projection merged() {
        try (Scope scope = Scope.open();
                NoGrad guard = Torch.noGrad()) {
            MatrixProjection target = MatrixProjection.of(base);
            return target.withWeight(BlockRotation.rotate(target.weightMatrix(), turns().transpose(1, 2)));
        }
    }
}
