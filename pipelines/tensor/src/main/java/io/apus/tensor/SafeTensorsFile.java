package io.apus.tensor;

import io.apus.schemas.UserError;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * A safetensors file mapped into memory. The mapping is private: a write to a view changes this process's copy only, never the file.
 *
 * <p>A view keeps the mapping alive after {@link #close()}.
 */
public final class SafeTensorsFile implements AutoCloseable {
    static {
        NativeLibrary.load();
    }

    private final Path file;
    private final SafeTensorsHeader header;
    private final Tensor bytes;

    private SafeTensorsFile(Path file, SafeTensorsHeader header, Tensor bytes) {
        this.file = file;
        this.header = header;
        this.bytes = bytes;
    }

    /** Checks the whole header, then maps the file; every fault of the header is one {@link UserError}. */
    public static SafeTensorsFile open(Path file) {
        SafeTensorsHeader header = SafeTensorsHeader.read(file);
        long size = header.dataOffset()
                + header.tensors().values().stream()
                        .mapToLong(TensorInfo::end)
                        .max()
                        .orElse(0);
        try (Scope scope = Scope.open()) {
            Tensor bytes = torch.from_file(
                    file.toString(), new BoolOptional(false), new LongOptional(size), Device.CPU.options(DType.U8));
            return new SafeTensorsFile(file, header, Scope.own(bytes));
        }
    }

    public Path path() {
        return file;
    }

    /** The tensors' names in the order of the header. */
    public Set<String> names() {
        return Collections.unmodifiableSet(header.tensors().keySet());
    }

    public boolean contains(String name) {
        return header.tensors().containsKey(name);
    }

    public Map<String, String> metadata() {
        return Collections.unmodifiableMap(header.metadata());
    }

    public TensorInfo info(String name) {
        TensorInfo info = header.tensors().get(name);
        if (info == null) {
            throw new UserError("Cannot read " + name, file + " does not hold it", "");
        }
        return info;
    }

    /** The tensor called {@code name} with its stored shape and dtype, without a copy where its first byte is aligned to its elements. */
    public Tensor tensor(String name) {
        TensorInfo info = info(name);
        try (Scope scope = Scope.open()) {
            long at = header.dataOffset() + info.begin();
            Tensor part = bytes.narrow(0, at, info.end() - info.begin());
            // libtorch reads elements at aligned addresses only; writers that pad their header never get here.
            Tensor aligned = at % info.dtype().bytes() == 0 ? part : part.clone();
            return scope.keep(aligned.view(info.dtype().scalarType()).view(info.sizes()));
        }
    }

    @Override
    public void close() {
        Scope.release(bytes);
    }
}
