package io.apus.train.optimize.rule;

import io.apus.tensor.DType;
import io.apus.tensor.Device;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;

/**
 * Files mapped into memory, what bitsandbytes' paged states come down to without a GPU: the kernel may write them out when memory is
 * short and reads them back when the optimiser steps. A file has no name from the moment it is mapped: it is gone with the process.
 *
 * <p>They lie in Java's temporary folder ({@code java.io.tmpdir}), which should be on a local disk and not in memory.
 */
public final class MappedMemory implements Memory {
    /** As bitsandbytes: below this many numbers a file of its own is not worth it. */
    private static final long SMALLEST = 100_000;

    private final ResidentMemory small = new ResidentMemory(Device.CPU);
    private final List<Tensor> tensors = new ArrayList<>();

    @Override
    public Tensor zeros(DType dtype, long... shape) {
        long count = LongStream.of(shape).reduce(1, Math::multiplyExact);
        if (count < SMALLEST) {
            return small.zeros(dtype, shape);
        }
        try (Scope scope = Scope.open()) {
            Path file = Files.createTempFile("apus-optimiser-", ".state");
            try {
                Tensor flat = torch.from_file(
                        file.toString(),
                        new BoolOptional(true),
                        new LongOptional(count),
                        new TensorOptions(dtype.scalarType()));
                Tensor made = Scope.own(flat.view(shape));
                tensors.add(made);
                return made;
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot map " + count + " numbers of optimiser state to a file", e);
        }
    }

    @Override
    public long bytes() {
        return small.bytes() + tensors.stream().mapToLong(Torch::bytes).sum();
    }

    @Override
    public void close() {
        small.close();
        tensors.forEach(Scope::release);
    }
}
