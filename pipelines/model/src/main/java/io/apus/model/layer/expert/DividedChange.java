package io.apus.model.layer.expert;

import io.apus.model.layer.Cut;
import io.apus.model.layer.Parameter;
import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;

/**
 * A change of matrices of which some rows or columns are here. Its parameters are the whole's: a part computes the part of their gradients that comes
 * of its numbers, and all parts' add up.
 *
 * @param rows whether {@code cut} is of the matrices' rows as they lie, and not of their columns
 */
public record DividedChange(ExpertChange whole, boolean rows, Cut cut) implements ExpertChange {
    @Override
    public Factors factors() {
        Factors all = whole.factors();
        return rows
                ? new Factors(part(all.left(), 0), all.right(), all.scale())
                : new Factors(all.left(), part(all.right(), 1), all.scale());
    }

    private TensorVector part(TensorVector each, int dimension) {
        TensorVector parts = new TensorVector();
        for (long i = 0; i < each.size(); i++) {
            parts.push_back(cut.in(each.get(i), dimension));
        }
        return parts;
    }

    @Override
    public Optional<Share> share(Parameter parameter, Cut run) {
        return whole.share(parameter, run);
    }

    @Override
    public ExpertChange part(Cut run) {
        return new DividedChange(whole.part(run), rows, cut);
    }

    @Override
    public List<Parameter> parameters() {
        return whole.parameters();
    }

    @Override
    public void addTo(Tensor weight) {
        throw new UnsupportedOperationException("the rest of the weight is elsewhere");
    }
}
