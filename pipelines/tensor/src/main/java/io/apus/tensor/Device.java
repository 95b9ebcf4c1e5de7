package io.apus.tensor;

import io.apus.schemas.UserError;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.pytorch.DeviceOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;

/**
 * Where tensors lie and are computed with, and the maker of new ones there: whoever needs a tensor beside another asks
 * {@code Device.of(other)} for it.
 *
 * @param index of the GPU among those that the process sees; 0 for the others
 */
public record Device(Kind kind, int index) {
    /** What a device is. */
    public enum Kind {
        CPU,
        CUDA,
        /** Shapes alone, no memory: what a computation would need can be seen without having it. */
        META
    }

    public static final Device CPU = new Device(Kind.CPU, 0);
    public static final Device META = new Device(Kind.META, 0);

    private static final Pattern CUDA_NAME = Pattern.compile("cuda(?::(\\d{1,3}))?");

    static {
        NativeLibrary.load();
    }

    /** GPU {@code index} of those that the process sees. */
    public static Device cuda(int index) {
        return new Device(Kind.CUDA, index);
    }

    /** {@code cpu}, {@code cuda} (the first GPU) or {@code cuda:N}; anything else is a {@link UserError}. */
    public static Device parse(String name) {
        Matcher cuda = CUDA_NAME.matcher(name);
        if (cuda.matches()) {
            return cuda(cuda.group(1) == null ? 0 : Integer.parseInt(cuda.group(1)));
        }
        if (name.equals("cpu")) {
            return CPU;
        }
        throw new UserError(
                "Unknown device", "\"" + name + "\" is none", "Known: cpu, cuda, cuda:0, cuda:1 and so on.");
    }

    /**
     * The GPU that Spark's resource scheduling gave a task, by the address that the discovery script printed for it.
     *
     * @throws UserError when it is no index: UUIDs of GPUs (GPU-...) and of their slices (MIG-...) have no number here
     */
    public static Device ofGpuAddress(String address) {
        if (!address.strip().matches("\\d{1,3}")) {
            throw new UserError(
                    "Cannot use the GPU of this task",
                    "Spark gave it the address \"" + address + "\", which is no index",
                    "Let the discovery script print indices, as nvidia-smi --query-gpu=index --format=csv,noheader does.");
        }
        return cuda(Integer.parseInt(address.strip()));
    }

    public static Device of(Tensor tensor) {
        if (!tensor.is_cuda()) {
            return tensor.is_meta() ? META : CPU;
        }
        try (Scope scope = Scope.open()) {
            return cuda(tensor.device().index());
        }
    }

    /** What this process can compute on: the CPU, then its GPUs. */
    public static List<Device> available() {
        List<Device> all = new ArrayList<>(List.of(CPU));
        if (torch.cuda_is_available()) {
            for (int i = 0; i < torch.cuda_device_count(); i++) {
                all.add(cuda(i));
            }
        }
        return List.copyOf(all);
    }

    /** This device, if it is there; otherwise a {@link UserError} that says what is missing. */
    public Device require() {
        if (isCuda() && !available().contains(this)) {
            throw CudaLibraries.refusal(this, available().size() - 1);
        }
        // Loads what of the binding comes apart from the kernels, decompositions among it.
        DeviceMemory.of(this);
        return this;
    }

    public boolean isCuda() {
        return kind == Kind.CUDA;
    }

    /** A tensor of zeros. */
    public Tensor zeros(DType dtype, long... shape) {
        return torch.zeros(shape, options(dtype));
    }

    /** A tensor whose contents are whatever the memory held. */
    public Tensor empty(DType dtype, long... shape) {
        return torch.empty(shape, options(dtype), null);
    }

    /** A tensor of ones. */
    public Tensor ones(DType dtype, long... shape) {
        return torch.ones(shape, options(dtype));
    }

    /** 0, 1 ... {@code count} - 1. */
    public Tensor range(DType dtype, long count) {
        return torch.arange(new Scalar(count), options(dtype));
    }

    /** A square matrix with ones on its diagonal. */
    public Tensor identity(DType dtype, long size) {
        return torch.eye(size, options(dtype));
    }

    /** An int64 vector. */
    public Tensor longs(long... values) {
        return filled(DType.I64, values.length, data -> new LongPointer(data).put(values, 0, values.length));
    }

    /** A float32 vector. */
    public Tensor floats(float... values) {
        return filled(DType.F32, values.length, data -> new FloatPointer(data).put(values, 0, values.length));
    }

    /** A float64 vector. */
    public Tensor doubles(double... values) {
        return filled(DType.F64, values.length, data -> new DoublePointer(data).put(values, 0, values.length));
    }

    /** Values go through the CPU's memory, the only one that Java writes to. */
    private Tensor filled(DType dtype, long length, Consumer<BytePointer> values) {
        try (Scope scope = Scope.open()) {
            Tensor made = CPU.empty(dtype, length);
            values.accept(new BytePointer(made.data_ptr()));
            return scope.keep(take(made));
        }
    }

    /** {@code tensor} on this device: itself where it lies here already, otherwise a copy. */
    public Tensor take(Tensor tensor) {
        return of(tensor).equals(this) ? tensor : take(tensor, DType.of(tensor));
    }

    /** {@code tensor} on this device as {@code dtype}: itself where it is that already, otherwise a copy. */
    public Tensor take(Tensor tensor, DType dtype) {
        return tensor.to(natively(), dtype.scalarType());
    }

    /** Waits for everything that was started here. */
    public void synchronize() {
        if (isCuda()) {
            torch.synchronizeDevice((byte) index);
        }
    }

    TensorOptions options(DType dtype) {
        return kind == Kind.CPU
                ? new TensorOptions(dtype.scalarType())
                : new TensorOptions()
                        .dtype(new ScalarTypeOptional(dtype.scalarType()))
                        .device(new DeviceOptional(natively()));
    }

    private org.bytedeco.pytorch.Device natively() {
        return new org.bytedeco.pytorch.Device(toString());
    }

    /** As {@link #parse} reads it. */
    @Override
    public String toString() {
        return switch (kind) {
            case CPU -> "cpu";
            case CUDA -> "cuda:" + index;
            case META -> "meta";
        };
    }
}
