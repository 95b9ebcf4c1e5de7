package io.apus.train.parallel.zero;

import io.apus.model.layer.Parameter;
import io.apus.tensor.DType;
import io.apus.tensor.collective.Collectives;
import io.apus.train.parallel.part.Copies;
import io.apus.train.parallel.part.HeldParameter;
import io.apus.train.parallel.part.ShardGroup;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** Which parameters travel together, read off the model so that all ranks agree. */
final class UnitPlan {
    private final List<List<Parameter>> parts;
    private final Map<Parameter, List<Integer>> partsOf = new HashMap<>();
    private final Set<Parameter> trained;
    private final Predicate<Parameter> splits;
    private final Copies copies;

    /**
     * The parameters of one unit, with what they have in common.
     *
     * @param group that trains on other rows or tokens
     * @param copies ranks of a replica that have the same
     * @param partial the ranks that have parts of their gradients, which are added up, where there are any; all of them have the same unit
     */
    record Members(
            List<Parameter> parameters,
            boolean trained,
            boolean splits,
            ShardGroup group,
            int copies,
            Optional<Collectives> partial) {}

    /** What parameters of one unit agree in; {@code parts} is empty where it does not matter. */
    private record Kind(
            List<Integer> parts,
            boolean trained,
            boolean splits,
            DType dtype,
            ShardGroup group,
            int copies,
            Optional<Collectives> partial) {}

    /**
     * @param parts of the model, in the order of use
     * @param splits which parameters may be cut
     */
    UnitPlan(List<List<Parameter>> parts, Collection<Parameter> trained, Predicate<Parameter> splits, Copies copies) {
        this.parts = parts;
        this.copies = copies;
        this.trained = new HashSet<>(trained);
        this.splits = splits;
        for (int part = 0; part < parts.size(); part++) {
            for (Parameter parameter : new HashSet<>(parts.get(part))) {
                partsOf.computeIfAbsent(parameter, unused -> new ArrayList<>()).add(part);
            }
        }
    }

    /** The first part that uses a parameter, where a backward pass ends its gradient. */
    int first(Parameter parameter) {
        return partsOf.get(parameter).get(0);
    }

    /** Units of what is trained, of at least {@code bytes} where there is as much, in the order in which a backward pass completes them. */
    List<Members> trainedByBytes(long bytes) {
        List<Members> sealed = new ArrayList<>();
        Map<Kind, List<Parameter>> filling = new LinkedHashMap<>();
        for (Parameter parameter : backward()) {
            if (trained.contains(parameter)) {
                Kind kind = kind(parameter, List.of());
                List<Parameter> members = filling.computeIfAbsent(kind, unused -> new ArrayList<>());
                members.add(parameter);
                // Stages of a pipeline meet the same parameter in other places: all of such ones are one unit.
                boolean full = members.stream().mapToLong(Parameter::bytes).sum() >= bytes;
                if (full && kind.partial.isEmpty()) {
                    sealed.add(members(kind, filling.remove(kind)));
                }
            }
        }
        filling.forEach((kind, members) -> sealed.add(members(kind, members)));
        sealed.sort(Comparator.comparingInt((Members unit) -> -lowest(unit)));
        return sealed;
    }

    /** Units of everything that can be spread, each of one part of the model, those of what several parts use apart; in the same order. */
    List<Members> byPart() {
        Map<Kind, List<Parameter>> units = new LinkedHashMap<>();
        for (Parameter parameter : backward()) {
            if (!parameter.isPacked()) {
                units.computeIfAbsent(kind(parameter, partsOf.get(parameter)), unused -> new ArrayList<>())
                        .add(parameter);
            }
        }
        List<Members> all = new ArrayList<>();
        units.forEach((kind, members) -> all.add(members(kind, members)));
        return all;
    }

    private Kind kind(Parameter parameter, List<Integer> used) {
        boolean learns = trained.contains(parameter);
        HeldParameter held = copies.of(parameter);
        return new Kind(
                used,
                learns,
                !learns || (splits.test(parameter) && held.isBox()),
                parameter.dtype(),
                copies.group(held),
                copies.count(held),
                learns ? held.partial() : Optional.empty());
    }

    private static Members members(Kind kind, List<Parameter> parameters) {
        List<Parameter> ordered = new ArrayList<>(parameters);
        if (kind.partial.isPresent()) {
            ordered.sort(Comparator.comparing(Parameter::name));
        }
        return new Members(List.copyOf(ordered), kind.trained, kind.splits, kind.group, kind.copies, kind.partial);
    }

    private int lowest(Members unit) {
        return unit.parameters().stream().mapToInt(this::first).min().orElseThrow();
    }

    private List<Parameter> backward() {
        List<Parameter> all = new ArrayList<>(partsOf.keySet());
        all.sort(Comparator.comparingInt((Parameter parameter) -> -first(parameter))
                .thenComparing(Parameter::name));
        return all;
    }

    List<List<Parameter>> parts() {
        return parts;
    }
}
