package io.apus.tensor;

import io.apus.schemas.Registry;
import io.apus.schemas.UserError;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Element types that safetensors files hold, under the names that the format gives them. */
public enum DType {
    BOOL(1, ScalarType.Bool),
    U8(1, ScalarType.Byte),
    I8(1, ScalarType.Char),
    F8_E4M3(1, ScalarType.Float8_e4m3fn),
    F8_E5M2(1, ScalarType.Float8_e5m2),
    I16(2, ScalarType.Short),
    F16(2, ScalarType.Half),
    BF16(2, ScalarType.BFloat16),
    I32(4, ScalarType.Int),
    F32(4, ScalarType.Float),
    I64(8, ScalarType.Long),
    F64(8, ScalarType.Double);

    private final int bytes;
    private final ScalarType scalarType;

    DType(int bytes, ScalarType scalarType) {
        this.bytes = bytes;
        this.scalarType = scalarType;
    }

    /** Bytes of one element. */
    public int bytes() {
        return bytes;
    }

    public ScalarType scalarType() {
        return scalarType;
    }

    public static DType of(Tensor tensor) {
        ScalarType found = tensor.scalar_type().intern();
        for (DType type : values()) {
            if (type.scalarType == found) {
                return type;
            }
        }
        throw new IllegalArgumentException("safetensors has no name for elements of type " + found);
    }

    /** The type called {@code name} in a header; an unknown name is a {@link UserError}. */
    public static DType named(String name) {
        List<String> known = Arrays.stream(values()).map(Enum::name).toList();
        if (!known.contains(name)) {
            throw new UserError(
                    "Unknown dtype",
                    "\"" + name + "\" is not known",
                    "Did you mean \"" + Registry.nearest(name, known) + "\"? Known: " + String.join(", ", known) + ".");
        }
        return valueOf(name);
    }
}
