package io.apus.export.gguf;

import java.util.List;

/**
 * A tensor of a GGUF file.
 *
 * @param name name in ggml's terms, e.g. {@code blk.0.attn_q.weight}
 * @param shape shape as libtorch has it, rows first; the file stores it reversed
 * @param type how it is stored
 */
public record GgufTensor(String name, List<Long> shape, GgufType type) {
    public GgufTensor {
        shape = List.copyOf(shape);
    }

    public long count() {
        long count = 1;
        for (long size : shape) {
            count *= size;
        }
        return count;
    }

    public long bytes() {
        return type.bytes(count());
    }

    /** Values of the fastest dimension. */
    public long rowLength() {
        return shape.get(shape.size() - 1);
    }
}
