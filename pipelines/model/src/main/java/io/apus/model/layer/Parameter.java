package io.apus.model.layer;

import io.apus.tensor.DType;
import io.apus.tensor.Device;
import io.apus.tensor.NoGrad;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** A named weight of a model. It owns its tensor until {@link #close()}. */
public final class Parameter implements AutoCloseable {
    private final String name;
    private final Tensor tensor;
    private Runnable closing = () -> {};
    private final long[] declared;
    private boolean fixed;
    private final long stands;
    private final boolean packed;

    /** Takes {@code tensor} over: it outlives every open scope. */
    public Parameter(String name, Tensor tensor) {
        this(name, tensor, tensor.numel(), false);
    }

    private Parameter(String name, Tensor tensor, long stands, boolean packed) {
        this.name = name;
        this.tensor = Scope.own(tensor);
        this.declared = null;
        this.stands = stands;
        this.packed = packed;
    }

    private Parameter(String name, long[] shape) {
        this.name = name;
        this.tensor = null;
        this.declared = shape.clone();
        this.stands = 0;
        this.packed = false;
    }

    /** A tensor of a packed format that stands for {@code numbers} of the model's numbers, 0 for what only helps to unpack. */
    public static Parameter packed(String name, Tensor tensor, long numbers) {
        return new Parameter(name, tensor, numbers, true);
    }

    /** A parameter of a model that is described but not loaded: it has a name and a shape and no tensor. */
    public static Parameter declared(String name, long... shape) {
        return new Parameter(name, shape);
    }

    /** The name in Hugging Face files, e.g. {@code model.layers.0.mlp.up_proj.weight}. */
    public String name() {
        return name;
    }

    public Tensor tensor() {
        return tensor;
    }

    public long[] shape() {
        return declared == null ? Torch.shape(tensor) : declared.clone();
    }

    /** How many of the model's numbers it holds. */
    public long count() {
        return stands;
    }

    /** Whether the tensor is of a packed format, whose numbers only its format can read. */
    public boolean isPacked() {
        return packed;
    }

    public boolean trainable() {
        return tensor.requires_grad();
    }

    /** A fixed parameter stays as it is, whatever is asked for. */
    public void trainable(boolean trainable) {
        tensor.set_requires_grad(trainable && !fixed);
    }

    /** Some indices of {@code dimension} as a parameter of the same name, copied; it learns if this one does. */
    public Parameter part(Cut cut, int dimension) {
        Parameter part;
        try (Scope scope = Scope.open()) {
            part = new Parameter(name, cut.of(tensor, dimension));
        }
        part.fixed = fixed;
        part.trainable(trainable());
        return part;
    }

    /** Says that no gradient ever changes this: transformers keeps it as a buffer, or frozen. */
    public Parameter fix() {
        fixed = true;
        return this;
    }

    /** The gradient accumulated so far; the handle belongs to the caller's scope. */
    public Optional<Tensor> gradient() {
        // A copy of the handle: grad() points into the tensor and would dangle after it.
        Tensor gradient = new Tensor(tensor.grad());
        return gradient.defined() ? Optional.of(gradient) : Optional.empty();
    }

    /** Lets backward accumulate into {@code view}, which has this parameter's shape, from now on. */
    public void gradient(Tensor view) {
        tensor.mutable_grad().put(view);
    }

    /** The gradient to add to by hand: zeros on first use. */
    public Tensor gradientBuffer() {
        return gradient().orElseGet(() -> {
            Tensor zeros = torch.zeros_like(tensor);
            gradient(zeros);
            return zeros;
        });
    }

    /** Forgets the gradient; the memory of a view that was given stays with its giver. */
    public void clearGradient() {
        try (Scope scope = Scope.open()) {
            tensor.mutable_grad().put(new Tensor());
        }
    }

    /** Runs {@code action} when this parameter is closed: for what its owner holds beside it. */
    public void onClose(Runnable action) {
        closing = action;
    }

    /** Moves it to {@code device} as {@code dtype}; whoever holds the tensor sees it move. A gradient is forgotten. */
    public void move(Device device, DType dtype) {
        if (Device.of(tensor).equals(device) && DType.of(tensor) == dtype) {
            return;
        }
        clearGradient();
        boolean learns = tensor.requires_grad();
        try (Scope scope = Scope.open();
                NoGrad guard = Torch.noGrad()) {
            tensor.set_requires_grad(false);
            tensor.set_data(device.take(tensor.detach(), dtype));
            tensor.set_requires_grad(learns);
        }
    }

    @Override
    public void close() {
        closing.run();
        Scope.release(tensor);
    }

    @Override
    public String toString() {
        return name;
    }
}
