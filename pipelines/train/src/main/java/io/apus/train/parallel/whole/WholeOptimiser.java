package io.apus.train.parallel.whole;

import io.apus.model.layer.Parameter;
import io.apus.schemas.spec.TrainSpec;
import io.apus.tensor.collective.Collectives;
import io.apus.train.optimize.Movable;
import io.apus.train.optimize.Optimiser;
import io.apus.train.optimize.Optimisers;
import io.apus.train.optimize.Remembered;
import io.apus.train.parallel.part.HeldParameter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * Moves what a rank has of a model that ranks divide. Where the rule looks at a matrix as a whole (GaLore, Muon, Adafactor, blocks of 8-bit states), one of
 * the ranks with parts of it moves all of it, so that the numbers are those of a rank with everything and each state is on one rank; everything else
 * every rank moves by itself.
 */
public final class WholeOptimiser implements Optimiser {
    private final Optimiser parts;
    private final List<Turns> turns = new ArrayList<>();

    /**
     * Every rank calls this once.
     *
     * @param held what this rank has of the trained parameters
     * @param sharers the ranks with the rest of one, where it is not all here
     * @param rateRatio what the learning rate is multiplied by for a parameter
     */
    public WholeOptimiser(
            List<HeldParameter> held,
            Function<HeldParameter, Optional<Collectives>> sharers,
            TrainSpec spec,
            ToDoubleFunction<Parameter> rateRatio) {
        BiPredicate<String, long[]> splits = Optimisers.splits(spec);
        Map<Collectives, List<HeldParameter>> wholes = new LinkedHashMap<>();
        List<Movable> rest = new ArrayList<>();
        for (HeldParameter part : held) {
            Optional<Collectives> ranks = sharers.apply(part);
            if (ranks.isEmpty() || splits.test(part.parameter().name(), part.shape())) {
                rest.add(Movable.of(part.parameter()));
            } else {
                wholes.computeIfAbsent(ranks.get(), unused -> new ArrayList<>()).add(part);
            }
        }
        parts = Optimisers.ofParts(rest, spec, rateRatio);
        wholes.forEach((ranks, shared) ->
                turns.add(new Turns(ranks, shared, whole -> Optimisers.ofParts(List.of(whole), spec, rateRatio))));
    }

    private Stream<Optimiser> all() {
        return Stream.concat(Stream.of(parts), turns.stream().flatMap(group -> group.optimisers().stream()));
    }

    @Override
    public void step(double learningRate) {
        parts.step(learningRate);
        turns.forEach(group -> group.step(learningRate));
    }

    @Override
    public List<Remembered> remembered() {
        return all().flatMap(optimiser -> optimiser.remembered().stream()).toList();
    }

    @Override
    public long bytes() {
        return all().mapToLong(Optimiser::bytes).sum();
    }

    /** What is moved as a whole is what is kept, whatever rule there is for it. */
    @Override
    public boolean averages() {
        return parts.averages();
    }

    @Override
    public Swapped evaluated() {
        return parts.evaluated();
    }

    @Override
    public void close() {
        all().forEach(Optimiser::close);
    }
}
