package io.apus.tensor;

import java.util.List;

/**
 * One line of a safetensors header.
 *
 * @param shape sizes, outermost first; empty for a scalar
 * @param begin first byte, counted from the end of the header
 * @param end the byte after the last one
 */
public record TensorInfo(String name, DType dtype, List<Long> shape, long begin, long end) {
    /** The shape as libtorch takes it. */
    public long[] sizes() {
        return shape.stream().mapToLong(Long::longValue).toArray();
    }
}
