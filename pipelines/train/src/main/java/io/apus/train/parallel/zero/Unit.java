package io.apus.train.parallel.zero;

import io.apus.model.layer.Parameter;
import io.apus.tensor.DType;
import io.apus.tensor.collective.Collectives;
import io.apus.train.optimize.Movable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;

/**
 * Parameters whose weights and gradients are spread over the ranks and travel together.
 *
 * @param gradients empty where nothing here is ever trained
 * @param members what its parameters have in common
 */
record Unit(Layout layout, FlatWeights weights, Optional<FlatGradients> gradients, UnitPlan.Members members)
        implements AutoCloseable {
    static Unit of(UnitPlan.Members members, Spreading spreading, Held held) {
        Collectives ranks = members.group().shards();
        Layout layout = members.splits()
                ? Layout.split(members.parameters(), ranks.size())
                : Layout.whole(members.parameters(), ranks.size());
        DType dtype = members.parameters().get(0).dtype();
        Tensor own = spreading.weights(members) ? spreading.memory().zeros(dtype, layout.part()) : null;
        FlatWeights weights = new FlatWeights(layout, own, ranks, held);
        return new Unit(
                layout,
                weights,
                members.trained()
                        ? Optional.of(new FlatGradients(layout, spreading.gradients(members), ranks, held))
                        : Optional.empty(),
                members);
    }

    List<Parameter> parameters() {
        return layout.places().stream().map(Layout.Place::parameter).toList();
    }

    /** How many parameters are trained at this moment. */
    int trainable() {
        return (int) parameters().stream().filter(Parameter::trainable).count();
    }

    /** What the optimiser of this rank moves. */
    List<Part> movables() {
        List<Part> all = new ArrayList<>();
        for (Layout.Slice slice : layout.slices(members.group().shards().rank())) {
            all.add(new Part(
                    slice,
                    weights.own(),
                    gradients.orElseThrow().own(),
                    members.group().replicas()));
        }
        return all;
    }

    /**
     * A slice of both. It has the parameter's shape where it is all of it, else it is flat.
     *
     * @param replicas ranks that have the same
     */
    record Part(Layout.Slice slice, Tensor weights, Tensor gradients, Collectives replicas) implements Movable {
        /** Whether of the replicas this one writes what is called {@code name}. */
        boolean kept(String name) {
            return Math.floorMod(name.hashCode(), replicas.size()) == replicas.rank();
        }

        @Override
        public Parameter parameter() {
            return slice.parameter();
        }

        @Override
        public long[] shape() {
            return slice.whole() ? parameter().shape() : new long[] {slice.to() - slice.from()};
        }

        @Override
        public Tensor weight() {
            return cut(weights);
        }

        @Override
        public Tensor gradient() {
            return cut(gradients);
        }

        private Tensor cut(Tensor flat) {
            return flat.narrow(0, slice.at(), slice.to() - slice.from()).view(shape());
        }
    }

    @Override
    public void close() {
        gradients.ifPresent(FlatGradients::close);
        weights.close();
    }
}
