package io.apus.model.layer;

import io.apus.tensor.DType;
import io.apus.tensor.Device;
import io.apus.tensor.Scope;
import java.util.function.Supplier;
import org.bytedeco.pytorch.Tensor;

/**
 * Where the values of a parameter come from that are not in memory yet.
 *
 * @param shape of the tensor
 * @param borrowed whether {@code source} gives memory that belongs to others, a mapped file's for instance, which is never written to
 * @param source gives the tensor in the caller's scope, the same values every time
 */
@SuppressWarnings("ArrayRecordComponent") // handed on, never compared
public record Values(long[] shape, boolean borrowed, Supplier<Tensor> source) {
    /** Views of a file. */
    public static Values of(long[] shape, Supplier<Tensor> views) {
        return new Values(shape.clone(), true, views);
    }

    /** Tensors that {@code maker} makes anew whenever it is asked. */
    public static Values made(long[] shape, Supplier<Tensor> maker) {
        return new Values(shape.clone(), false, maker);
    }

    /** Some indices of {@code dimension}: of a file, what else there is stays untouched as far as its order allows. */
    Values part(Cut cut, int dimension) {
        long[] size = shape.clone();
        size[dimension] = cut.size();
        if (cut.spans().size() > 1) {
            return made(size, () -> cut.of(source.get(), dimension));
        }
        Cut.Span span = cut.spans().get(0);
        return new Values(size, borrowed, () -> source.get().narrow(dimension, span.from(), span.size()));
    }

    /** All of them, contiguous, in memory of its own, in the caller's scope. */
    public Tensor take(Device device, DType dtype) {
        try (Scope scope = Scope.open()) {
            Tensor whole = source.get();
            return scope.keep(own(whole, whole.contiguous(), device, dtype));
        }
    }

    /** The elements from {@code from} to before {@code to} in row-major order, flat, in the caller's scope. */
    Tensor elements(long from, long to, Device device, DType dtype) {
        try (Scope scope = Scope.open()) {
            Tensor whole = source.get();
            return scope.keep(own(whole, whole.reshape(-1).narrow(0, from, to - from), device, dtype));
        }
    }

    private Tensor own(Tensor whole, Tensor wanted, Device device, DType dtype) {
        Tensor taken = device.take(wanted, dtype);
        // A part of something made anew would hold on to all of it.
        boolean apart = !taken.is_alias_of(whole);
        return apart || (!borrowed && taken.numel() == whole.numel()) ? taken : taken.clone();
    }
}
