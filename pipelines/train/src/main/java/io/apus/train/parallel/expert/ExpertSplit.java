package io.apus.train.parallel.expert;

import io.apus.model.DecoderModel;
import io.apus.model.layer.Cut;
import io.apus.model.layer.Decoder;
import io.apus.model.layer.DecoderBlock;
import io.apus.model.layer.Parameter;
import io.apus.model.layer.expert.Experts;
import io.apus.model.layer.expert.MixtureOfExperts;
import io.apus.tensor.Scope;
import io.apus.train.parallel.part.HeldParameter;
import io.apus.train.parallel.part.HeldParameters;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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

    /** Leaves of {@code model} the experts of {@code group}'s rank and says in {@code held} which those are. */
    public static void apply(DecoderModel model, ExpertGroup group, HeldParameters held) {
        List<DecoderBlock> blocks = new ArrayList<>();
        for (DecoderBlock block : model.blocks()) {
            try (Scope scope = Scope.open()) {
                blocks.add(block.mlp() instanceof MixtureOfExperts all ? block.with(mixture(all, group, held)) : block);
            }
        }
        model.replaceBlocks(blocks);
    }

    private static MixtureOfExperts mixture(MixtureOfExperts all, ExpertGroup group, HeldParameters held) {
        int count = all.experts().count();
        Cut run = Cut.equal(count, group.size(), group.rank());
        Experts own = all.experts().part(run);
        Map<String, Parameter> before = parameters(all.experts());
        Map<String, Parameter> kept = parameters(own);
        kept.forEach((name, parameter) -> {
            HeldParameter whole = held.of(before.get(name));
            held.add(
                    before.get(name).equals(parameter)
                            ? whole.asExpert()
                            : whole.experts(parameter, run.times(whole.shape()[0] / count)));
        });
        before.values().stream()
                .filter(parameter -> !parameter.equals(kept.get(parameter.name())))
                .forEach(Parameter::close);
        return new MixtureOfExperts(all.router(), new SpreadExperts(own, count, group), all.shared());
    }

    private static Map<String, Parameter> parameters(Experts experts) {
        Map<String, Parameter> all = new LinkedHashMap<>();
        experts.ownParameters().forEach(parameter -> all.put(parameter.name(), parameter));
        experts.slots()
                .forEach(slot -> slot.get().parameters().forEach(parameter -> all.put(parameter.name(), parameter)));
        return all;
    }
}
