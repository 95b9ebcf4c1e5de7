package io.apus.model.layer.expert;

import io.apus.model.layer.Cut;
import io.apus.model.layer.Parameter;
import io.apus.model.layer.WeightChange;
import io.apus.tensor.Torch;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** A change of the matrices of all experts, as a product of two narrow matrices for each of them. */
public interface ExpertChange extends WeightChange {
    /** The factors for one pass, with a graph to the change's parameters. */
    Factors factors();

    /**
     * What of one of its parameters belongs to some of the experts; empty where all of it belongs to each of them.
     *
     * @param parameter of {@link #parameters}
     */
    Optional<Share> share(Parameter parameter, Cut run);

    /** The same change for some of the experts, of parts of the parameters, or of these very ones where they belong to every expert. */
    ExpertChange part(Cut run);

    /** Indices of one dimension of a parameter. */
    record Share(int dimension, Cut cut) {}

    /**
     * What each expert's matrix W_e [in, out], as it lies in its parameter, gains: scale left_e right_e.
     *
     * @param left one [in, rank] for each expert
     * @param right one [rank, out] for each
     */
    record Factors(TensorVector left, TensorVector right, double scale) {
        /**
         * Adds what the change makes of an expert's own tokens to what the matrix made of them.
         *
         * @param products [tokens, out], or [tokens, in] where {@code turned}
         * @param rows [tokens, in], or [tokens, out] where {@code turned}
         */
        Tensor addTo(Tensor products, Tensor rows, int expert, boolean turned) {
            Tensor first = turned ? right.get(expert).t() : left.get(expert);
            Tensor second = turned ? left.get(expert).t() : right.get(expert);
            return torch.addmm(products, rows.mm(first), second, Torch.scalar(1), Torch.scalar(scale));
        }
    }
}
