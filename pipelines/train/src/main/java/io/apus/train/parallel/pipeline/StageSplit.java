package io.apus.train.parallel.pipeline;

import io.apus.model.DecoderModel;
import io.apus.model.ModelConfig;
import io.apus.model.layer.Decoder;
import io.apus.model.layer.DecoderBlock;
import io.apus.model.layer.Parameter;
import io.apus.model.layer.ProjectionSlot;
import io.apus.model.layer.expert.ExpertSlot;
import io.apus.model.quant.QuantisedBank;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Pipeline parallelism of the blocks: each stage has neighbouring ones, the first the embedding too, the last the final norm and the head. */
public final class StageSplit {
    private StageSplit() {}

    /** Why {@code stages} ranks cannot share the layers of a model with {@code blocks} blocks. */
    public static List<String> problems(int stages, int blocks) {
        return stages > blocks
                ? List.of("the model has " + blocks + " blocks, and each of " + stages + " stages needs one")
                : List.of();
    }

    /** What each of {@code stages} has of a model that is only described. */
    public static List<Decoder> stages(Decoder described, int stages) {
        Stages division = Stages.of(described, stages);
        return IntStream.range(0, stages)
                .mapToObj(stage -> described.part(division.from(stage), division.to(stage)))
                .toList();
    }

    /** The names of the linear maps, and of the experts in banks, that {@code stage} of {@code stages} computes with. */
    public static Set<String> linears(ModelConfig config, int stage, int stages) {
        Decoder described = config.described();
        Stages division = Stages.of(described, stages);
        List<DecoderBlock> own = described.blocks().subList(division.from(stage), division.to(stage));
        Stream<String> linears =
                own.stream().flatMap(block -> block.slots().stream()).map(ProjectionSlot::name);
        Stream<String> experts = ExpertSlot.in(own).stream().flatMap(slot -> QuantisedBank.experts(slot).stream());
        return Stream.concat(linears, experts).collect(Collectors.toSet());
    }

    /**
     * Leaves of {@code model}, which is whole and has its tuner attached, what {@code stage} of {@code stages} computes.
     *
     * @return the stages that have a trained parameter, by its name, of those of this stage that others have too: a tied head's
     */
    public static Map<String, List<Integer>> apply(DecoderModel model, int stage, int stages) {
        Stages division = Stages.of(model.config().described(), stages);
        Map<String, List<Integer>> holders = new TreeMap<>();
        for (int s = 0; s < stages; s++) {
            int one = s;
            names(model, division, s).forEach(name -> holders.computeIfAbsent(name, n -> new ArrayList<>())
                    .add(one));
        }
        model.keep(division.from(stage), division.to(stage));
        holders.values().removeIf(among -> among.size() == 1 || !among.contains(stage));
        return holders;
    }

    private static List<String> names(DecoderModel model, Stages division, int stage) {
        List<Parameter> parameters = new ArrayList<>();
        boolean first = division.from(stage) == 0;
        boolean last = division.to(stage) == model.blocks().size();
        if (first) {
            parameters.addAll(model.embedding().parameters());
        }
        IntStream.range(division.from(stage), division.to(stage))
                .forEach(block -> parameters.addAll(model.blocks().get(block).parameters()));
        if (last) {
            parameters.addAll(model.headParameters());
            parameters.add(model.head().weight());
        }
        return parameters.stream()
                .filter(Parameter::trainable)
                .map(Parameter::name)
                .distinct()
                .toList();
    }
}
