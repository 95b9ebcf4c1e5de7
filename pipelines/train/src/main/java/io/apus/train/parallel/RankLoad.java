package io.apus.train.parallel;

import io.apus.model.layer.Decoder;
import io.apus.model.layer.DecoderBlock;
import io.apus.model.layer.Parameter;
import io.apus.model.layer.expert.Experts;
import io.apus.model.layer.expert.MixtureOfExperts;
import io.apus.schemas.spec.ParallelPlan;
import io.apus.train.parallel.pipeline.StageSplit;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * How many of a model's numbers one rank holds under a plan, told from shapes alone, before anything is loaded. Of what replicas keep parts of
 * (ZeRO) the whole is counted, but where the part is asked for.
 *
 * @param linears numbers of the blocks' linear maps
 * @param others all other numbers
 * @param widest those of the largest block, or of the embedding or the head
 * @param blocks share of the blocks that is here
 * @param divisors among how many ranks each parameter that is here is divided
 * @param elsewhere names of the model's parameters that are not here
 * @param experts names of those of experts
 * @param ofExperts their numbers that are here
 * @param sharers ranks that have the same, apart from experts
 * @param expertSharers ranks that have the same experts
 */
public record RankLoad(
        long linears,
        long others,
        long widest,
        double blocks,
        Map<String, Integer> divisors,
        Set<String> elsewhere,
        Set<String> experts,
        long ofExperts,
        int sharers,
        int expertSharers) {
    /**
     * For each stage of a pipeline, or the only one.
     *
     * @param undivided names of the linears that every rank of a tensor group has whole
     */
    public static List<RankLoad> of(Decoder described, ParallelPlan plan, Set<String> undivided) {
        Set<String> names = names(described.parameters());
        return StageSplit.stages(described, plan.pp()).stream()
                .map(stage -> of(
                        stage,
                        plan,
                        undivided,
                        (double) stage.blocks().size() / described.blocks().size(),
                        names))
                .toList();
    }

    private static RankLoad of(
            Decoder stage, ParallelPlan plan, Set<String> undivided, double blocks, Set<String> names) {
        Set<String> whole = names(stage.projections().values().stream()
                .filter(slot -> undivided.contains(slot.name()))
                .flatMap(slot -> slot.get().parameters().stream())
                .toList());
        Set<String> linears = names(stage.projections().values().stream()
                .flatMap(slot -> slot.get().parameters().stream())
                .toList());
        Set<String> experts =
                names(stage.blocks().stream().flatMap(RankLoad::ofExperts).toList());
        Map<String, Integer> divisors = new HashMap<>();
        long ofLinears = 0;
        long ofExperts = 0;
        long all = 0;
        for (Parameter parameter : stage.parameters()) {
            int ranks = (experts.contains(parameter.name()) ? plan.ep() : 1)
                    * (parameter.shape().length > 1 && !whole.contains(parameter.name()) ? plan.tp() : 1);
            divisors.put(parameter.name(), ranks);
            long own = part(parameter.count(), ranks);
            all += own;
            ofExperts += experts.contains(parameter.name()) ? own : 0;
            ofLinears += linears.contains(parameter.name()) ? own : 0;
        }
        long widest = parts(stage)
                .mapToLong(part -> part.stream()
                        .mapToLong(parameter -> part(parameter.count(), divisors.get(parameter.name())))
                        .sum())
                .max()
                .orElse(0);
        Set<String> elsewhere = new HashSet<>(names);
        elsewhere.removeAll(divisors.keySet());
        // Who will be on which host is not known: a rank with all of it needs most.
        int sharers = Math.max(1, plan.dpShard());
        return new RankLoad(
                ofLinears,
                all - ofLinears,
                widest,
                blocks,
                divisors,
                elsewhere,
                experts,
                ofExperts,
                sharers,
                Math.max(1, sharers / plan.ep()));
    }

    private static Stream<Parameter> ofExperts(DecoderBlock block) {
        if (!(block.mlp() instanceof MixtureOfExperts mixture)) {
            return Stream.empty();
        }
        Experts experts = mixture.experts();
        return Stream.concat(
                experts.ownParameters().stream(),
                experts.slots().stream().flatMap(slot -> slot.get().parameters().stream()));
    }

    /** What is used together. */
    private static Stream<List<Parameter>> parts(Decoder stage) {
        Stream<List<Parameter>> inner = stage.blocks().stream().map(DecoderBlock::parameters);
        Stream<List<Parameter>> first =
                stage.stretch().embeds() ? Stream.of(stage.embedding().parameters()) : Stream.empty();
        Stream<List<Parameter>> last = stage.stretch().predicts() ? Stream.of(stage.headParameters()) : Stream.empty();
        return Stream.concat(Stream.concat(first, inner), last);
    }

    private static Set<String> names(Collection<Parameter> parameters) {
        return parameters.stream().map(Parameter::name).collect(Collectors.toSet());
    }

    private static long part(long count, int ranks) {
        return (count + ranks - 1) / ranks;
    }

    /** Numbers of all parameters that are here. */
    public long all() {
        return linears + others;
    }

    /** What a rank keeps of {@link #all} where those with the same keep parts. */
    public long allSpread() {
        return part(ofExperts, expertSharers) + part(all() - ofExperts, sharers);
    }

    /**
     * How many of some trained numbers are here.
     *
     * @param shapes by name; those that are no parameters of the model are an adapter's, which is spread over the blocks
     */
    public long trained(Map<String, long[]> shapes) {
        return shapes.entrySet().stream()
                .mapToLong(one -> here(one.getKey(), one.getValue()))
                .sum();
    }

    /** What a rank keeps of {@link #trained} where those with the same keep parts. */
    public long trainedSpread(Map<String, long[]> shapes) {
        long ofExpert = shapes.entrySet().stream()
                .filter(one -> experts.contains(one.getKey()))
                .mapToLong(one -> here(one.getKey(), one.getValue()))
                .sum();
        return part(ofExpert, expertSharers) + part(trained(shapes) - ofExpert, sharers);
    }

    private long here(String name, long[] shape) {
        long count = LongStream.of(shape).reduce(1, Math::multiplyExact);
        if (divisors.containsKey(name)) {
            return part(count, divisors.get(name));
        }
        return elsewhere.contains(name) ? 0 : Math.round(count * blocks);
    }
}
