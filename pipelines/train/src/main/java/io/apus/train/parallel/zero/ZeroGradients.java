package io.apus.train.parallel.zero;

import io.apus.model.layer.Parameter;
import io.apus.model.training.GradientSink;
import io.apus.tensor.NoGrad;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import io.apus.tensor.collective.Collectives;
import io.apus.tensor.collective.Pending;
import io.apus.train.parallel.part.ShardGroup;
import io.apus.train.reduce.Norms;
import io.apus.train.reduce.StepGradients;
import io.apus.train.reduce.WireType;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import org.bytedeco.pytorch.Tensor;

/**
 * Gradients whose sums over the ranks each rank keeps a part of (ZeRO-1 and up; Rajbhandari et al., 2020).
 *
 * <p>Where whole gradients have no memory of their own (ZeRO-2 and 3), every pass of a step is summed, as DeepSpeed does: only so are they gone as soon
 * as a unit is complete. Else the last pass alone is, with what the others left. Where several groups of ranks keep a copy each, parts are summed over
 * these groups once, at the end of a step.
 */
final class ZeroGradients implements StepGradients {
    /** Sums under way at a time where their memory is to be given back. */
    private static final int AT_ONCE = 2;

    private final List<Unit> units;
    private final WireType wire;
    private final ToIntFunction<Parameter> firstPart;
    private final Map<Parameter, Integer> unitOf = new HashMap<>();
    private final Deque<Sum> underWay = new ArrayDeque<>();
    private final Deque<Pending> overCopies = new ArrayDeque<>();
    private final int[] missing;
    private int started;
    private int part;
    private boolean lastPass;

    /** Of a unit's parts over the ranks that keep one copy. */
    private record Sum(Unit unit, Pending pending) {}

    /**
     * @param units those that are trained, in the order in which a backward pass completes them
     * @param firstPart of the model that uses a parameter: the last one to add to its gradient
     */
    ZeroGradients(List<Unit> units, WireType wire, ToIntFunction<Parameter> firstPart) {
        this.units = units;
        this.wire = wire;
        this.firstPart = firstPart;
        this.missing = new int[units.size()];
        this.started = units.size();
        for (int i = 0; i < units.size(); i++) {
            for (Parameter parameter : units.get(i).parameters()) {
                unitOf.put(parameter, i);
            }
        }
    }

    /** Hears that {@code parameters}, of a part of the model, are about to have gradients. */
    void next(int backwardPart, List<Parameter> parameters) {
        part = backwardPart;
        for (Parameter parameter : parameters) {
            Integer unit = unitOf.get(parameter);
            if (unit != null && parameter.trainable()) {
                units.get(unit).gradients().orElseThrow().room();
            }
        }
    }

    @Override
    public void clear() {
        units.forEach(unit -> unit.gradients().orElseThrow().clear());
        started = units.size();
    }

    @Override
    public GradientSink pass(boolean last) {
        finish();
        lastPass = last;
        for (int i = 0; i < missing.length; i++) {
            missing[i] = units.get(i).trainable();
        }
        started = 0;
        return this::completed;
    }

    private void completed(List<Parameter> parameters) {
        for (Parameter parameter : parameters) {
            if (firstPart.applyAsInt(parameter) == part) {
                missing[unitOf.get(parameter)]--;
            }
        }
        while (started < missing.length && missing[started] <= 0) {
            startNext();
        }
    }

    private void startNext() {
        Unit unit = units.get(started++);
        FlatGradients gradients = unit.gradients().orElseThrow();
        ShardGroup group = unit.members().group();
        if (unit.trainable() == 0 || group.size() == 1 || !(lastPass || gradients.apart())) {
            return;
        }
        boolean goesOn = gradients.apart() || group.replicas().size() > 1;
        while (goesOn && underWay.size() >= AT_ONCE) {
            endFirst();
        }
        underWay.add(new Sum(unit, gradients.reduce(wire)));
    }

    private void endFirst() {
        Sum first = underWay.remove();
        first.pending.await();
        Collectives replicas = first.unit.members().group().replicas();
        if (lastPass && replicas.size() > 1) {
            overCopies.add(wire.allReduceSum(replicas, own(first.unit)));
        }
    }

    @Override
    public int finish() {
        int early = (int) underWay.stream().filter(sum -> sum.pending.done()).count();
        while (started < units.size()) {
            startNext();
        }
        while (!underWay.isEmpty()) {
            endFirst();
        }
        while (!overCopies.isEmpty()) {
            overCopies.remove().await();
        }
        return early;
    }

    /** Adds up what ranks of a replica have computed parts of. They all come here, with units alike. */
    void complete() {
        for (Unit unit : units) {
            unit.members().partial().ifPresent(several -> several.allReduceSum(own(unit))
                    .await());
        }
    }

    /** The sum of squares of this rank's parts, which added up over all ranks is that of all gradients. */
    double squares() {
        try (Scope scope = Scope.open();
                NoGrad guard = Torch.noGrad()) {
            double squares = 0;
            for (Unit unit : units) {
                double norm = Norms.euclidean(own(unit)).item_double();
                squares += norm
                        * norm
                        / unit.members().copies()
                        / unit.members().group().replicas().size();
            }
            return squares;
        }
    }

    @Override
    public void multiply(double factor) {
        try (Scope scope = Scope.open();
                NoGrad guard = Torch.noGrad()) {
            units.forEach(unit -> own(unit).mul_(Torch.scalar(factor)));
        }
    }

    private static Tensor own(Unit unit) {
        return unit.gradients().orElseThrow().own();
    }

    @Override
    public int count() {
        return units.size();
    }

    /** The units are their owner's. */
    @Override
    public void close() {
        underWay.clear();
        overCopies.clear();
    }
}
