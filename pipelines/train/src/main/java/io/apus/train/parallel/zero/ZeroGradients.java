package io.apus.train.parallel.zero;

import io.apus.model.layer.Parameter;
import io.apus.model.training.GradientSink;
import io.apus.tensor.NoGrad;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import io.apus.tensor.collective.Pending;
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
 * as a unit is complete. Else the last pass alone is, with what the others left.
 */
final class ZeroGradients implements StepGradients {
    /** Sums under way at a time where their memory is to be given back. */
    private static final int AT_ONCE = 2;

    private final List<Unit> units;
    private final WireType wire;
    private final ToIntFunction<Parameter> firstPart;
    private final Map<Parameter, Integer> unitOf = new HashMap<>();
    private final Deque<Pending> underWay = new ArrayDeque<>();
    private final int[] missing;
    private int started;
    private int part;
    private boolean lastPass;

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
        boolean alone = unit.members().group().size() == 1;
        if (unit.trainable() == 0 || alone || !(lastPass || gradients.apart())) {
            return;
        }
        while (gradients.apart() && underWay.size() >= AT_ONCE) {
            underWay.remove().await();
        }
        underWay.add(gradients.reduce(wire));
    }

    @Override
    public int finish() {
        int early = (int) underWay.stream().filter(Pending::done).count();
        while (started < units.size()) {
            startNext();
        }
        while (!underWay.isEmpty()) {
            underWay.remove().await();
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
                squares += norm * norm / unit.members().copies();
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
    }
}
