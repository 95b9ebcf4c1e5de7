package io.apus.model.layer;

import io.apus.tensor.DType;
import io.apus.tensor.Device;
import io.apus.tensor.NoGrad;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import java.util.Optional;
import java.util.stream.LongStream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * A named weight of a model. It owns its tensor until {@link #close()}.
 *
 * <p>One that is not read yet has a shape, a type and a place, and no memory: what is cut off or closed by then is never read. Whoever asks for its
 * {@link #tensor} reads it.
 */
public final class Parameter implements AutoCloseable {
    private final String name;
    private final long[] shape;
    private final long stands;
    private final boolean packed;
    private Tensor tensor;
    private Values values;
    private Device device = Device.CPU;
    private DType dtype = DType.F32;
    private boolean learns;
    private boolean fixed;
    private Runnable closing = () -> {};

    /** Takes {@code tensor} over: it outlives every open scope. */
    public Parameter(String name, Tensor tensor) {
        this(name, tensor, tensor.numel(), false);
    }

    private Parameter(String name, Tensor tensor, long stands, boolean packed) {
        this.name = name;
        this.tensor = Scope.own(tensor);
        this.shape = Torch.shape(tensor);
        this.stands = stands;
        this.packed = packed;
    }

    private Parameter(String name, long[] shape, Values values) {
        this.name = name;
        this.shape = shape.clone();
        this.values = values;
        this.stands = LongStream.of(shape).reduce(1, (a, b) -> a * b);
        this.packed = false;
    }

    /** A tensor of a packed format that stands for {@code numbers} of the model's numbers, 0 for what only helps to unpack. */
    public static Parameter packed(String name, Tensor tensor, long numbers) {
        return new Parameter(name, tensor, numbers, true);
    }

    /** A parameter of a model that is described but not loaded: it has a name and a shape and no tensor. */
    public static Parameter declared(String name, long... shape) {
        return new Parameter(name, shape, null);
    }

    /** A parameter of {@code values}, which are read when they are asked for: as float32 on the CPU, or as {@link #move} says before. */
    public static Parameter unread(String name, Values values) {
        return new Parameter(name, values.shape(), values);
    }

    /** The name in Hugging Face files, e.g. {@code model.layers.0.mlp.up_proj.weight}. */
    public String name() {
        return name;
    }

    /** The tensor itself; null of one that is only declared. */
    public Tensor tensor() {
        if (values != null) {
            read();
        }
        return tensor;
    }

    private void read() {
        try (Scope scope = Scope.open();
                NoGrad guard = Torch.noGrad()) {
            hold(values.take(device, dtype));
        }
    }

    private void hold(Tensor read) {
        tensor = Scope.own(read);
        values = null;
        tensor.set_requires_grad(learns);
    }

    /** Where the values come from while they are not read. */
    public Optional<Values> unread() {
        return Optional.ofNullable(values);
    }

    public long[] shape() {
        return tensor == null ? shape.clone() : Torch.shape(tensor);
    }

    /** The type of the elements, which reads nothing. */
    public DType dtype() {
        return tensor == null ? dtype : DType.of(tensor);
    }

    /** Where it lies or will lie. */
    public Device device() {
        return tensor == null ? device : Device.of(tensor);
    }

    /** Bytes of the elements. */
    public long bytes() {
        return tensor == null ? stands * dtype.bytes() : Torch.bytes(tensor);
    }

    /** The elements from {@code from} to before {@code to} in row-major order, flat, in the caller's scope; of one that is not read, only they are. */
    public Tensor elements(long from, long to) {
        return values == null
                ? tensor.detach().reshape(-1).narrow(0, from, to - from)
                : values.elements(from, to, device, dtype);
    }

    /** Lets {@code memory}, which has this shape, be where it lies from now on, whatever is in it. */
    public void lie(Tensor memory) {
        if (values == null) {
            tensor.set_data(memory);
        } else {
            hold(memory.variable_data());
        }
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
        return tensor == null ? learns : tensor.requires_grad();
    }

    /** A fixed parameter stays as it is, whatever is asked for. */
    public void trainable(boolean trainable) {
        learns = trainable && !fixed;
        if (tensor != null) {
            tensor.set_requires_grad(learns);
        }
    }

    /** Some indices of {@code dimension} as a parameter of the same name, copied or to be read; it learns if this one does. */
    public Parameter part(Cut cut, int dimension) {
        Parameter part;
        if (values != null) {
            part = unread(name, values.part(cut, dimension));
            part.move(device, dtype);
        } else {
            try (Scope scope = Scope.open()) {
                part = new Parameter(name, cut.of(tensor, dimension));
            }
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
        Tensor gradient = new Tensor(tensor().grad());
        return gradient.defined() ? Optional.of(gradient) : Optional.empty();
    }

    /** Lets backward accumulate into {@code view}, which has this parameter's shape, from now on. */
    public void gradient(Tensor view) {
        tensor().mutable_grad().put(view);
    }

    /** The gradient to add to by hand: zeros on first use. */
    public Tensor gradientBuffer() {
        return gradient().orElseGet(() -> {
            Tensor zeros = torch.zeros_like(tensor());
            gradient(zeros);
            return zeros;
        });
    }

    /** Forgets the gradient; the memory of a view that was given stays with its giver. */
    public void clearGradient() {
        if (tensor != null) {
            try (Scope scope = Scope.open()) {
                tensor.mutable_grad().put(new Tensor());
            }
        }
    }

    /** Runs {@code action} when this parameter is closed: for what its owner holds beside it. */
    public void onClose(Runnable action) {
        closing = action;
    }

    /** Moves it to {@code device} as {@code dtype}; whoever holds the tensor sees it move. A gradient is forgotten. */
    public void move(Device device, DType dtype) {
        this.device = device;
        this.dtype = dtype;
        if (tensor == null || (Device.of(tensor).equals(device) && DType.of(tensor) == dtype)) {
            return;
        }
        clearGradient();
        boolean trained = tensor.requires_grad();
        try (Scope scope = Scope.open();
                NoGrad guard = Torch.noGrad()) {
            tensor.set_requires_grad(false);
            tensor.set_data(device.take(tensor.detach(), dtype));
            tensor.set_requires_grad(trained);
        }
    }

    @Override
    public void close() {
        closing.run();
        Scope.release(tensor);
        values = null;
    }

    @Override
    public String toString() {
        return name;
    }
}
