package io.apus.model.layer.expert;

import io.apus.model.layer.ChangeSlot;
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
 * @param in [experts, hiddenSize, 2 * width], or [experts, 2 * width, hiddenSize] where {@code transposed}
 * @param inBias [experts, 2 * width]
 * @param out [experts, width, hiddenSize], or the last two swapped
 * @param outBias [experts, hiddenSize]
 * @param gating makes [tokens, width] of [tokens, 2 * width]
 */
public record FusedExperts(
        ChangeSlot<ExpertChange> in,
        Optional<Parameter> inBias,
        ChangeSlot<ExpertChange> out,
        Optional<Parameter> outBias,
        boolean transposed,
        Gating gating)
        implements Experts {

    /** What happens between the two maps. */
    public interface Gating {
        Tensor apply(Tensor both);
    }

    public FusedExperts(
            Parameter in,
            Optional<Parameter> inBias,
            Parameter out,
            Optional<Parameter> outBias,
            boolean transposed,
            Gating gating) {
        this(new ChangeSlot<>(in), inBias, new ChangeSlot<>(out), outBias, transposed, gating);
    }

    @Override
    public int count() {
        return Math.toIntExact(in.weight().shape()[0]);
    }

    @Override
    public TensorVector forward(TensorVector rows, int[] used, boolean training) {
        Biased first = new Biased(in, inBias);
        Biased second = new Biased(out, outBias);
        TensorVector results = new TensorVector();
        for (int i = 0; i < used.length; i++) {
            results.push_back(second.map(gating.apply(first.map(rows.get(i), used[i])), used[i]));
        }
        return results;
    }

    private final class Biased {
        private final ExpertMatrices matrices;
        private final TensorVector biases;

        Biased(ChangeSlot<ExpertChange> weight, Optional<Parameter> bias) {
            matrices = ExpertMatrices.of(weight, transposed);
            biases = bias.map(b -> b.tensor().unbind(0)).orElse(null);
        }

        Tensor map(Tensor rows, int expert) {
            Tensor products = matrices.map(rows, expert);
            return biases == null ? products : products.add(biases.get(expert));
        }
    }

    @Override
    public Experts part(Cut run) {
        return new FusedExperts(
                in.part(run),
                inBias.map(all -> all.part(run, 0)),
                out.part(run),
                outBias.map(all -> all.part(run, 0)),
                transposed,
                gating);
    }

    @Override
    public List<ProjectionSlot> slots() {
        return List.of();
    }

    @Override
    public List<ChangeSlot<ExpertChange>> changeSlots() {
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
        return in.weight().shape()[transposed ? 1 : 2] / 2;
    }
}
