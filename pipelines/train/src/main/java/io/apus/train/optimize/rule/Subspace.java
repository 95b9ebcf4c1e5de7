package io.apus.train.optimize.rule;

import io.apus.schemas.spec.GaloreSpec;
import io.apus.tensor.Torch;
import java.util.Optional;
import java.util.SortedMap;
import org.bytedeco.pytorch.StringViewOptional;
import org.bytedeco.pytorch.T_TensorTensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** The span of a gradient's largest singular vectors on one side or both, chosen anew from time to time. */
final class Subspace {
    private final Optional<StoredMatrix> left;
    private final Optional<StoredMatrix> right;
    private final long[] lowShape;
    private final Pace pace;
    private final Tensor steps;

    private Subspace(
            Optional<StoredMatrix> left, Optional<StoredMatrix> right, long[] lowShape, Pace pace, Memory memory) {
        this.left = left;
        this.right = right;
        this.lowShape = lowShape;
        this.pace = pace;
        this.steps = memory.floats();
    }

    /** {@code shape} is [rows, columns]; a rank larger than the weight's is its rank. */
    static Subspace of(GaloreSpec galore, long[] shape, Memory memory) {
        long rank = Math.min(galore.galoreRank(), Math.min(shape[0], shape[1]));
        boolean tall = shape[0] >= shape[1];
        boolean onLeft =
                switch (galore.galoreProjType()) {
                    case "std" -> !tall;
                    case "reverse_std" -> tall;
                    case "right" -> false;
                    default -> true;
                };
        boolean onRight = !onLeft || galore.galoreProjType().equals("full");
        Optional<StoredMatrix> left =
                onLeft ? Optional.of(StoredMatrix.of("left", galore, shape[0], rank, memory)) : Optional.empty();
        Optional<StoredMatrix> right =
                onRight ? Optional.of(StoredMatrix.of("right", galore, rank, shape[1], memory)) : Optional.empty();
        long[] low = {onLeft ? rank : shape[0], onRight ? rank : shape[1]};
        return new Subspace(left, right, low, Pace.of(galore, onLeft ? shape[0] : shape[1], memory), memory);
    }

    /** Shape of what {@link #down} gives. */
    long[] lowShape() {
        return lowShape.clone();
    }

    /** A gradient in the subspace; the subspace is chosen from it where that is due. */
    Tensor down(Tensor gradient) {
        long step = (long) steps.item_double();
        if (pace.due(step)) {
            choose(gradient);
        }
        steps.add_(Torch.scalar(1));
        Tensor low = gradient;
        if (left.isPresent()) {
            low = left.get().read().t().mm(low);
        }
        return right.isPresent() ? low.mm(right.get().read().t()) : low;
    }

    private void choose(Tensor gradient) {
        T_TensorTensorTensor_T parts = torch.linalg_svd(gradient, false, new StringViewOptional());
        left.ifPresent(matrix -> {
            Tensor vectors = parts.get0().narrow(1, 0, lowShape[0]);
            pace.chosen(vectors.select(1, 0));
            matrix.write(vectors);
        });
        right.ifPresent(matrix -> {
            Tensor vectors = parts.get2().narrow(0, 0, lowShape[1]);
            pace.chosen(vectors.select(0, 0));
            matrix.write(vectors);
        });
    }

    /** Back from the subspace to the full shape. */
    Tensor up(Tensor low) {
        Tensor full = low;
        if (left.isPresent()) {
            full = left.get().read().mm(full);
        }
        return right.isPresent() ? full.mm(right.get().read()) : full;
    }

    void describe(SortedMap<String, Tensor> state) {
        left.ifPresent(matrix -> matrix.describe(state));
        right.ifPresent(matrix -> matrix.describe(state));
        pace.describe(state);
        state.put("projections", steps);
    }
}
