package io.apus.train.parallel.whole;

import io.apus.model.layer.Parameter;
import io.apus.tensor.DType;
import io.apus.tensor.Device;
import io.apus.train.optimize.Movable;
import org.bytedeco.pytorch.Tensor;

/** The whole of a parameter that several ranks have parts of, on the rank that moves it: there is memory for it only while it is moved. */
public final class WholeMatrix implements Movable {
    private final Parameter part;
    private final long[] shape;
    private Tensor weight;
    private Tensor gradient;

    WholeMatrix(Parameter part, long[] shape) {
        this.part = part;
        this.shape = shape.clone();
    }

    /** Makes room, in the caller's scope, of the type that the parts have. */
    void hold() {
        Device device = part.device();
        DType dtype = part.dtype();
        weight = device.empty(dtype, shape);
        gradient = device.empty(dtype, shape);
    }

    @Override
    public Parameter parameter() {
        return part;
    }

    @Override
    public long[] shape() {
        return shape.clone();
    }

    @Override
    public Tensor weight() {
        return weight;
    }

    @Override
    public Tensor gradient() {
        return gradient;
    }
}
