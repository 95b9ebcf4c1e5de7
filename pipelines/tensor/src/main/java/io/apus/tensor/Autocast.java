package io.apus.tensor;

import org.bytedeco.pytorch.global.torch;

/**
 * While open, matrix products and attention on this thread take their operands as one type whatever they are kept as: float32 weights
 * are multiplied in bfloat16 and learn in float32 (torch.autocast). {@link #close()} restores what was found.
 */
public final class Autocast implements AutoCloseable {
    private final torch.DeviceType type;
    private final boolean enabledBefore;
    private final torch.ScalarType typeBefore;
    private final boolean nested;

    private Autocast(torch.DeviceType type, DType wanted) {
        this.type = type;
        this.enabledBefore = torch.is_autocast_enabled(type);
        this.typeBefore = torch.get_autocast_dtype(type);
        this.nested = wanted != DType.F32;
        if (nested) {
            torch.increment_nesting();
            torch.set_autocast_dtype(type, wanted.scalarType());
        }
        torch.set_autocast_enabled(type, nested);
    }

    /** Products on {@code device} in {@code dtype}; float32 leaves the operands as they are. */
    public static Autocast of(Device device, DType dtype) {
        return new Autocast(device.isCuda() ? torch.DeviceType.CUDA : torch.DeviceType.CPU, dtype);
    }

    @Override
    public void close() {
        torch.set_autocast_enabled(type, enabledBefore);
        if (nested) {
            torch.set_autocast_dtype(type, typeBefore);
            // Weights that were converted are kept until the outermost one closes.
            if (torch.decrement_nesting() == 0) {
                torch.clear_cache();
            }
        }
    }
}
