package io.apus.train.parallel.tensor;

import io.apus.model.layer.Cut;
import io.apus.model.layer.FeedForward;
import io.apus.model.layer.FusedGatedMlp;
import io.apus.model.layer.GatedMlp;
import io.apus.model.layer.Linear;
import io.apus.model.layer.Mlp;
import io.apus.model.layer.ProjectionSlot;
import io.apus.model.layer.SurroundedNetwork;
import io.apus.model.layer.expert.Experts;
import io.apus.model.layer.expert.MixtureOfExperts;
import io.apus.model.layer.expert.SeparateExperts;
import io.apus.model.layer.expert.SharedExpert;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Leaves of a feed-forward network the inner numbers of one rank. */
record NetworkSplit(LinearSplit linears) {
    /** Why {@code ranks} cannot share {@code network}. */
    static List<String> problems(FeedForward network, int ranks) {
        if (network instanceof MixtureOfExperts mixture) {
            return problems(mixture, ranks);
        }
        if (network instanceof Mlp || network instanceof GatedMlp || network instanceof FusedGatedMlp) {
            long width = network.width();
            return width % ranks == 0 ? List.of() : List.of(indivisible(width, ranks));
        }
        return List.of("a " + network.getClass().getSimpleName() + " cannot be shared");
    }

    private static String indivisible(long width, int ranks) {
        return "intermediate size " + width + " cannot be shared by " + ranks + " ranks";
    }

    private static List<String> problems(MixtureOfExperts mixture, int ranks) {
        List<String> problems = new ArrayList<>();
        Experts experts = mixture.experts();
        if (experts.width() % ranks != 0) {
            problems.add("of its experts, " + indivisible(experts.width(), ranks));
        } else if (experts instanceof SeparateExperts separate
                && separate.networks().stream().anyMatch(expert -> biased(expert.down()))) {
            problems.add("its experts have biases");
        }
        mixture.shared().ifPresent(shared -> problems.addAll(problems(shared.network(), ranks)));
        return problems;
    }

    private static boolean biased(ProjectionSlot slot) {
        return slot.get() instanceof Linear linear && linear.bias().isPresent();
    }

    FeedForward split(FeedForward all) {
        if (all instanceof SurroundedNetwork surrounded) {
            // What is around the sum of the ranks' results is the same on all of them, and so are its gradients.
            return surrounded.around(split(surrounded.inner()));
        }
        if (all instanceof MixtureOfExperts mixture) {
            return new MixtureOfExperts(
                    mixture.router(),
                    experts(mixture.experts()),
                    mixture.shared().map(shared -> new SharedExpert(split(shared.network()), shared.gate())));
        }
        long width = all.width();
        List<ProjectionSlot> slots = all.slots();
        ProjectionSlot down = slots.get(slots.size() - 1);
        for (ProjectionSlot slot : slots.subList(0, slots.size() - 1)) {
            linears.outputs(slot, inner(slot.get().outFeatures(), width));
        }
        linears.summedInputs(down, own(width));
        return new SharedNetwork(all, linears.group());
    }

    private Experts experts(Experts all) {
        Cut cut = own(all.width());
        if (!(all instanceof SeparateExperts separate)) {
            return new BankSplit(linears).split(all, cut);
        }
        for (GatedMlp expert : separate.networks()) {
            linears.outputs(expert.gate(), cut);
            linears.outputs(expert.up(), cut);
            linears.inputs(expert.down(), cut);
        }
        return new SharedExperts(all, Optional.empty(), linears.group());
    }

    private Cut own(long width) {
        return Cut.equal(width, linears.group().size(), linears.group().rank());
    }

    /** Of a matrix with {@code rows}, one or more times {@code width}, this rank's rows of each. */
    private Cut inner(long rows, long width) {
        List<Cut.Span> spans = new ArrayList<>();
        Cut.Span own = own(width).spans().get(0);
        for (long at = 0; at < rows; at += width) {
            spans.add(new Cut.Span(at + own.from(), at + own.to()));
        }
        return new Cut(rows, spans);
    }
}
