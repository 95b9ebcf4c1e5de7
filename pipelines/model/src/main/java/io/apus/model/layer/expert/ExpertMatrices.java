package io.apus.model.layer.expert;

import io.apus.model.layer.ChangeSlot;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;

/**
 * One matrix for each expert, cut out of one parameter once a pass: backward then makes one gradient of the whole parameter, not one for
 * each expert.
 *
 * @param each [in, out] for each expert
 * @param turned whether rows are multiplied with the matrices' transposes
 */
record ExpertMatrices(TensorVector each, Optional<ExpertChange.Factors> change, boolean turned) {
    /** Those of a parameter [experts, in, out]. */
    static ExpertMatrices of(ChangeSlot<ExpertChange> slot, boolean turned) {
        return new ExpertMatrices(slot.weight().tensor().unbind(0), factors(slot), turned);
    }

    /** Those of a parameter in which matrices of {@code height} rows lie below each other. */
    static ExpertMatrices stacked(ChangeSlot<ExpertChange> slot, long height, boolean turned) {
        return new ExpertMatrices(slot.weight().tensor().split(height, 0), factors(slot), turned);
    }

    private static Optional<ExpertChange.Factors> factors(ChangeSlot<ExpertChange> slot) {
        return slot.change().map(ExpertChange::factors);
    }

    /** What the expert's matrix makes of its tokens. */
    Tensor map(Tensor rows, int expert) {
        Tensor weight = each.get(expert);
        Tensor products = rows.mm(turned ? weight.t() : weight);
        return change.isPresent() ? change.get().addTo(products, rows, expert, turned) : products;
    }
}
