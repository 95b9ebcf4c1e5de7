package io.apus.model.layer;

import java.util.List;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Tensor;

/**
 * Normalisation of queries and keys.
 *
 * @param wholeRow over all heads of a token together instead of each head alone
 * @param afterRotation applied to rotated instead of unrotated queries and keys
 */
public record HeadNorms(Norm query, Norm key, boolean wholeRow, boolean afterRotation) {
    Tensor query(Tensor heads) {
        return apply(query, heads);
    }

    Tensor key(Tensor heads) {
        return apply(key, heads);
    }

    private Tensor apply(Norm norm, Tensor heads) {
        if (!wholeRow) {
            return norm.forward(heads);
        }
        long[] shape = {heads.size(0), heads.size(1), heads.size(2)};
        return norm.forward(heads.reshape(shape[0], shape[1] * shape[2])).view(shape);
    }

    List<Parameter> parameters() {
        return Stream.concat(query.parameters().stream(), key.parameters().stream())
                .toList();
    }
}
