package io.apus.model.layer.expert;

import io.apus.model.layer.Cut;
import io.apus.model.layer.Parameter;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;

/**
 * Matrices of floats in one parameter.
 *
 * @param weight of the shape that {@code layout} gives
 */
public record PlainBank(Parameter weight, ExpertLayout layout) implements ExpertBank {
    @Override
    public String name() {
        return weight.name();
    }

    @Override
    public int count() {
        return layout.count(weight.shape());
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(weight);
    }

    /** Cuts the parameter once a pass: backward then makes one gradient of all of it, not one for each expert. */
    @Override
    public Pass pass(boolean training) {
        TensorVector each = layout.each(weight.tensor());
        return (rows, expert) -> {
            Tensor matrix = each.get(expert);
            return rows.mm(layout.turned() ? matrix.t() : matrix);
        };
    }

    @Override
    public ExpertBank part(Cut run) {
        return new PlainBank(weight.part(layout.cut(run), 0), layout);
    }

    @Override
    public PlainBank plain() {
        return this;
    }
}
