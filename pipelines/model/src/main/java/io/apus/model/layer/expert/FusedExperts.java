package io.apus.model.layer.expert;

import io.apus.model.layer.Cut;
import io.apus.model.layer.Parameter;
import io.apus.model.layer.ProjectionSlot;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;

/**
 * Experts whose weights lie in one tensor for all of them.
 *
 * @param in from hiddenSize to 2 * width features
 * @param inBias [experts, 2 * width]
 * @param out from width to hiddenSize
 * @param outBias [experts, hiddenSize]
 * @param gating makes [tokens, width] of [tokens, 2 * width]
 */
public record FusedExperts(
        ExpertSlot in, Optional<Parameter> inBias, ExpertSlot out, Optional<Parameter> outBias, Gating gating)
        implements Experts {

    /** What happens between the two maps. */
    public interface Gating {
        /** [tokens, width] of [tokens, 2 * width], also of some of the width. */
        Tensor apply(Tensor both);

        /** Which of the 2 * width columns some of the width are made of; here as where {@code both} has two halves. */
        default Cut columns(Cut own) {
            List<Cut.Span> spans = new ArrayList<>(own.spans());
            own.spans().forEach(span -> spans.add(new Cut.Span(own.whole() + span.from(), own.whole() + span.to())));
            return new Cut(2 * own.whole(), spans);
        }
    }

    @Override
    public int count() {
        return in.get().count();
    }

    @Override
    public TensorVector forward(TensorVector rows, int[] used, boolean training) {
        ExpertBank.Pass first = biased(in.pass(training), inBias);
        ExpertBank.Pass second = biased(out.pass(training), outBias);
        TensorVector results = new TensorVector();
        for (int i = 0; i < used.length; i++) {
            results.push_back(second.product(gating.apply(first.product(rows.get(i), used[i])), used[i]));
        }
        return results;
    }

    private static ExpertBank.Pass biased(ExpertBank.Pass products, Optional<Parameter> bias) {
        if (bias.isEmpty()) {
            return products;
        }
        TensorVector biases = bias.get().tensor().unbind(0);
        return (rows, expert) -> products.product(rows, expert).add(biases.get(expert));
    }

    @Override
    public Experts part(Cut run) {
        return new FusedExperts(
                in.part(run),
                inBias.map(all -> all.part(run, 0)),
                out.part(run),
                outBias.map(all -> all.part(run, 0)),
                gating);
    }

    @Override
    public List<ProjectionSlot> slots() {
        return List.of();
    }

    @Override
    public List<ExpertSlot> changeSlots() {
        return List.of(in, out);
    }

    @Override
    public List<Parameter> ownParameters() {
        List<Parameter> all = new ArrayList<>(in.parameters());
        all.addAll(out.parameters());
        Stream.of(inBias, outBias).flatMap(Optional::stream).forEach(all::add);
        return all;
    }

    @Override
    public long width() {
        return out.get().layout().in();
    }
}
