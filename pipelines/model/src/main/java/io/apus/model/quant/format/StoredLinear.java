package io.apus.model.quant.format;

import io.apus.schemas.UserError;
import io.apus.tensor.DType;
import io.apus.tensor.Torch;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import org.bytedeco.pytorch.Tensor;

/**
 * What a checkpoint holds of one quantised linear. Every tensor is checked against the linear's shape before it is used: checkpoints are
 * hostile input.
 *
 * @param module the linear's name, e.g. {@code model.layers.0.self_attn.q_proj}
 */
public record StoredLinear(StoredTensors files, String module, long outFeatures, long inFeatures) {
    static final Set<DType> FLOATS = EnumSet.of(DType.F32, DType.F16, DType.BF16);

    /** Whether the linear has a tensor of that name after its own. */
    public boolean has(String suffix) {
        return files.contains(name(suffix));
    }

    private String name(String suffix) {
        return module + "." + suffix;
    }

    /** A copy of one tensor of any shape, in the caller's scope. */
    Tensor any(String suffix, Set<DType> types) {
        if (!has(suffix)) {
            throw fault(suffix, "is missing");
        }
        Tensor stored = files.tensor(name(suffix));
        if (!types.contains(DType.of(stored))) {
            throw fault(suffix, "is stored as " + DType.of(stored) + ", the format has " + types);
        }
        return stored.clone();
    }

    /** A copy of one tensor of a known shape, in the caller's scope. */
    Tensor tensor(String suffix, Set<DType> types, long... shape) {
        Tensor copy = any(suffix, types);
        if (!Arrays.equals(Torch.shape(copy), shape)) {
            throw fault(
                    suffix,
                    "has shape " + Arrays.toString(Torch.shape(copy)) + ", the format needs " + Arrays.toString(shape)
                            + " for a linear of [" + outFeatures + ", " + inFeatures + "]");
        }
        return copy;
    }

    Tensor tensor(String suffix, DType type, long... shape) {
        return tensor(suffix, EnumSet.of(type), shape);
    }

    /** Refuses unless {@code holds}. */
    public void require(boolean holds, String suffix, String found) {
        if (!holds) {
            throw fault(suffix, found);
        }
    }

    UserError fault(String suffix, String found) {
        return new UserError(
                "Cannot load quantised weights",
                name(suffix) + " " + found,
                "Check that quantization_config in config.json belongs to these files.");
    }
}
