package io.apus.train.parallel.expert;

import io.apus.model.DecoderModel;
import io.apus.model.layer.Cut;
import io.apus.model.layer.Decoder;
import io.apus.model.layer.DecoderBlock;
import io.apus.model.layer.FeedForward;
import io.apus.model.layer.Parameter;
import io.apus.model.layer.SurroundedNetwork;
import io.apus.model.layer.expert.ExpertChange;
import io.apus.model.layer.expert.ExpertSlot;
import io.apus.model.layer.expert.Experts;
import io.apus.model.layer.expert.MixtureOfExperts;
import io.apus.model.layer.expert.SeparateExperts;
import io.apus.model.quant.QuantisedBank;
import io.apus.tensor.Scope;
import io.apus.train.parallel.part.HeldParameter;
import io.apus.train.parallel.part.HeldParameters;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Expert parallelism: each rank of a group keeps an equal run of every layer's experts. */
public final class ExpertSplit {
    private ExpertSplit() {}

    /** Why {@code ranks} cannot share the experts of {@code decoder}. */
    public static List<String> problems(Decoder decoder, int ranks) {
        List<Integer> counts = decoder.blocks().stream()
                .filter(block -> block.mlp() instanceof MixtureOfExperts)
                .map(block -> ((MixtureOfExperts) block.mlp()).experts().count())
                .distinct()
                .toList();
        if (counts.isEmpty()) {
            return List.of("the model has no experts");
        }
        return counts.stream()
                .filter(count -> count % ranks != 0)
                .map(count -> count + " experts cannot be shared by " + ranks + " ranks")
                .toList();
    }

    /** The names of the linears, and of the experts in banks, that other ranks than {@code rank} of {@code ranks} have. */
    public static Set<String> elsewhere(Decoder decoder, int rank, int ranks) {
        Set<String> names = new HashSet<>();
        decoder.blocks().stream()
                .map(DecoderBlock::mlp)
                .filter(MixtureOfExperts.class::isInstance)
                .map(mixture -> ((MixtureOfExperts) mixture).experts())
                .forEach(experts -> names.addAll(elsewhere(experts, Cut.equal(experts.count(), ranks, rank))));
        return names;
    }

    /**
     * Whether {@code ranks} that share the experts of {@code model}, which is whole and has its tuner attached, go back through the same blocks: one
     * that has nothing to train in them would not, and tokens' gradients have to come through all.
     *
     * @param turns whether it depends on the step which of the trained blocks learn
     */
    public static boolean even(DecoderModel model, int ranks, boolean turns) {
        if (model.embedding().trainable() || model.virtualTokens().trainable()) {
            return true;
        }
        return IntStream.range(0, ranks)
                        .mapToObj(rank -> IntStream.range(0, model.blocks().size())
                                .filter(block -> learns(model.blocks().get(block), rank, ranks))
                                .limit(turns ? Long.MAX_VALUE : 1)
                                .boxed()
                                .toList())
                        .distinct()
                        .count()
                == 1;
    }

    /** Whether {@code rank} trains anything in {@code block}. */
    private static boolean learns(DecoderBlock block, int rank, int ranks) {
        Set<Parameter> here = new HashSet<>(block.parameters());
        if (block.mlp() instanceof MixtureOfExperts mixture && mixture.experts() instanceof SeparateExperts separate) {
            Cut own = Cut.equal(separate.count(), ranks, rank);
            separate.slots().forEach(slot -> here.removeAll(slot.get().parameters()));
            separate.part(own).slots().forEach(slot -> here.addAll(slot.get().parameters()));
        }
        return here.stream().anyMatch(Parameter::trainable);
    }

    private static List<String> elsewhere(Experts experts, Cut own) {
        List<String> names = new ArrayList<>();
        if (experts instanceof SeparateExperts separate) {
            experts.slots().forEach(slot -> names.add(slot.name()));
            separate.part(own).slots().forEach(slot -> names.remove(slot.name()));
        }
        for (ExpertSlot slot : experts.changeSlots()) {
            List<String> all = QuantisedBank.experts(slot);
            names.addAll(all);
            own.spans().forEach(span -> names.removeAll(all.subList((int) span.from(), (int) span.to())));
        }
        return names;
    }

    /** Leaves of {@code model} the experts of {@code group}'s rank and says in {@code held} which those are. */
    public static void apply(DecoderModel model, ExpertGroup group, HeldParameters held) {
        Set<Parameter> shared = shared(model);
        List<DecoderBlock> blocks = new ArrayList<>();
        for (DecoderBlock block : model.blocks()) {
            try (Scope scope = Scope.open()) {
                blocks.add(block.with(network(block.mlp(), group, held, shared)));
            }
        }
        model.replaceBlocks(blocks);
    }

    /** What several linears use, such as VeRA's matrices, is nobody's expert: every rank keeps it, and gradients are summed over all of them. */
    private static Set<Parameter> shared(DecoderModel model) {
        Set<Parameter> once = new HashSet<>();
        return model.projections().values().stream()
                .flatMap(slot -> slot.get().parameters().stream().distinct())
                .filter(parameter -> !once.add(parameter))
                .collect(Collectors.toSet());
    }

    private static FeedForward network(FeedForward all, ExpertGroup group, HeldParameters held, Set<Parameter> shared) {
        if (all instanceof SurroundedNetwork surrounded) {
            return surrounded.around(network(surrounded.inner(), group, held, shared));
        }
        return all instanceof MixtureOfExperts mixture ? mixture(mixture, group, held, shared) : all;
    }

    private static MixtureOfExperts mixture(
            MixtureOfExperts all, ExpertGroup group, HeldParameters held, Set<Parameter> shared) {
        int count = all.experts().count();
        Cut run = Cut.equal(count, group.size(), group.rank());
        Experts own = all.experts().part(run);
        Map<String, Parameter> before = parameters(all.experts(), shared);
        Map<String, Parameter> kept = parameters(own, shared);
        Map<String, Optional<ExpertChange.Share>> changes = changes(all.experts(), run);
        kept.forEach((name, parameter) -> {
            HeldParameter whole = held.of(before.get(name));
            if (changes.containsKey(name)) {
                changes.get(name)
                        .ifPresent(share -> held.add(whole.experts(parameter, share.dimension(), share.cut())));
            } else if (before.get(name).equals(parameter)) {
                held.add(whole.asExpert());
            } else {
                held.add(whole.experts(parameter, 0, run.times(whole.shape()[0] / count)));
            }
        });
        before.values().stream()
                .filter(parameter -> !parameter.equals(kept.get(parameter.name())))
                .forEach(Parameter::close);
        return new MixtureOfExperts(all.router(), new SpreadExperts(own, count, group), all.shared());
    }

    /** What of the parameters that tuners put beside banks belongs to {@code run}, by name. */
    private static Map<String, Optional<ExpertChange.Share>> changes(Experts experts, Cut run) {
        Map<String, Optional<ExpertChange.Share>> shares = new HashMap<>();
        experts.changeSlots().forEach(slot -> slot.change().ifPresent(change -> change.parameters()
                .forEach(parameter -> shares.put(parameter.name(), change.share(parameter, run)))));
        return shares;
    }

    private static Map<String, Parameter> parameters(Experts experts, Set<Parameter> shared) {
        Map<String, Parameter> all = new LinkedHashMap<>();
        experts.ownParameters().forEach(parameter -> all.put(parameter.name(), parameter));
        experts.slots()
                .forEach(slot -> slot.get().parameters().forEach(parameter -> all.put(parameter.name(), parameter)));
        all.values().removeAll(shared);
        return all;
    }
}
