package io.apus.train.parallel.whole;

import io.apus.model.layer.Cut;
import io.apus.model.layer.Parameter;
import io.apus.tensor.Device;
import io.apus.train.parallel.part.HeldParameter;
import java.util.List;
import java.util.stream.LongStream;
import org.bytedeco.pytorch.Tensor;

/**
 * A parameter that ranks have parts of.
 *
 * @param own this rank's part
 * @param cuts all ranks' indices of the dimension that was cut; several ranks may have the same
 * @param mover the rank that moves the whole
 */
record Divided(HeldParameter own, List<Cut> cuts, int mover) {
    Parameter part() {
        return own.parameter();
    }

    /** Numbers of a rank's part. */
    long numbers(int rank) {
        return LongStream.of(own.shape()).reduce(1, (a, b) -> a * b)
                / own.shape()[own.dimension()]
                * cuts.get(rank).size();
    }

    /** Puts a rank's part, whose numbers are {@code flat}, into {@code whole}. */
    void put(Tensor flat, int rank, Tensor whole) {
        long[] shape = own.shape().clone();
        shape[own.dimension()] = cuts.get(rank).size();
        Tensor part = flat.view(shape);
        long at = 0;
        for (Cut.Span span : cuts.get(rank).spans()) {
            whole.narrow(own.dimension(), span.from(), span.size())
                    .copy_(part.narrow(own.dimension(), at, span.size()));
            at += span.size();
        }
    }

    /** A rank's part of {@code whole}, flat. */
    Tensor of(Tensor whole, int rank) {
        return cuts.get(rank).of(whole, own.dimension()).view(-1);
    }

    Device device() {
        return part().device();
    }
}
