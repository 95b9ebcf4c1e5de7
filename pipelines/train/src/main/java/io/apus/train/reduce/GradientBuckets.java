package io.apus.train.reduce;

import io.apus.model.layer.Parameter;
import io.apus.model.training.GradientSink;
import io.apus.tensor.DType;
import io.apus.tensor.Device;
import io.apus.tensor.NoGrad;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import io.apus.tensor.collective.Collectives;
import io.apus.tensor.collective.Pending;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * All gradients, in buckets that are summed over the ranks while the backward pass that fills the later ones still runs.
 *
 * <p>Every rank starts its buckets in the same order, each one when it and all before it are complete, so that the ranks' reductions match.
 */
public final class GradientBuckets implements StepGradients {
    private static final long LARGEST_BYTES = 25L << 20;
    private static final long SMALLEST_BYTES = 256L << 10;
    private static final int WANTED = 8;

    private final Function<Parameter, Collectives> sums;
    private final WireType wire;
    private final List<Bucket> buckets = new ArrayList<>();
    private final Map<String, Integer> bucketOf = new HashMap<>();
    private final int[] missing;
    private final Deque<Pending> underWay = new ArrayDeque<>();
    private int started;

    public GradientBuckets(List<Parameter> trained, Collectives collectives, long bucketBytes, WireType wire) {
        this(trained, parameter -> collectives, bucketBytes, wire);
    }

    /** @param sums the ranks over which a parameter's gradient is summed; a bucket has parameters of the same ones */
    public GradientBuckets(
            List<Parameter> trained, Function<Parameter, Collectives> sums, long bucketBytes, WireType wire) {
        this.sums = sums;
        this.wire = wire;
        Map<Kind, List<Parameter>> filling = new LinkedHashMap<>();
        for (Parameter parameter : BackwardOrder.of(trained)) {
            Kind kind = new Kind(sums.apply(parameter), parameter.dtype(), parameter.device());
            List<Parameter> members = filling.computeIfAbsent(kind, unused -> new ArrayList<>());
            members.add(parameter);
            if (members.stream().mapToLong(one -> one.count() * Float.BYTES).sum() >= bucketBytes) {
                seal(filling.remove(kind));
            }
        }
        filling.values().forEach(this::seal);
        this.missing = new int[buckets.size()];
    }

    /** 25 MiB as other trainers use, less for small models, so that there is something to overlap. */
    public static long bucketBytes(List<Parameter> trained) {
        return bucketBytes(trained.stream().mapToLong(Parameter::count).sum());
    }

    /** The same for {@code count} numbers: ranks that sum gradients together need the same bound, whatever each of them trains. */
    public static long bucketBytes(long count) {
        return Math.min(LARGEST_BYTES, Math.max(SMALLEST_BYTES, count * Float.BYTES / WANTED));
    }

    /** What gradients that are summed at once agree in: ranks have the same ones of a kind, but not as many of each kind in between. */
    private record Kind(Collectives sums, DType dtype, Device device) {}

    private void seal(List<Parameter> members) {
        members.forEach(parameter -> bucketOf.put(parameter.name(), buckets.size()));
        buckets.add(new Bucket(members));
    }

    @Override
    public int count() {
        return buckets.size();
    }

    @Override
    public void clear() {
        try (Scope scope = Scope.open();
                NoGrad guard = Torch.noGrad()) {
            for (int i = 0; i < buckets.size(); i++) {
                buckets.get(i).flat().zero_();
                missing[i] = (int) buckets.get(i).parameters().stream()
                        .filter(Parameter::trainable)
                        .count();
            }
        }
        started = 0;
    }

    /** The last pass starts each reduction as soon as it has completed its gradients; the others add to them alone. */
    @Override
    public GradientSink pass(boolean last) {
        return last ? reducing() : GradientSink.none();
    }

    private GradientSink reducing() {
        return complete -> {
            complete.forEach(parameter -> missing[bucketOf.get(parameter.name())]--);
            while (started < buckets.size() && missing[started] <= 0) {
                startNext();
            }
        };
    }

    private void startNext() {
        Bucket next = buckets.get(started++);
        underWay.add(wire.allReduceSum(sums.apply(next.parameters().get(0)), next.flat()));
    }

    /** Starts what has not been started and waits for all. */
    @Override
    public int finish() {
        int early = (int) underWay.stream().filter(Pending::done).count();
        while (started < buckets.size()) {
            startNext();
        }
        while (!underWay.isEmpty()) {
            underWay.remove().await();
        }
        return early;
    }

    /** Euclidean norm over all gradients. */
    public double norm() {
        try (Scope scope = Scope.open();
                NoGrad guard = Torch.noGrad()) {
            TensorVector norms = new TensorVector();
            for (Bucket bucket : buckets) {
                norms.push_back(Device.of(buckets.get(0).flat()).take(Norms.euclidean(bucket.flat())));
            }
            // Read at once: each reading waits for the device.
            return Math.sqrt(DoubleStream.of(Torch.toDoubles(torch.stack(norms, 0)))
                    .map(norm -> norm * norm)
                    .sum());
        }
    }

    /** Sum of the squares of all gradients, those of a parameter times its {@code factor}. */
    public double squares(ToDoubleFunction<Parameter> factor) {
        double squares = 0;
        try (Scope scope = Scope.open();
                NoGrad guard = Torch.noGrad()) {
            for (Bucket bucket : buckets) {
                for (Parameter parameter : bucket.parameters()) {
                    double norm = Norms.euclidean(parameter.gradientBuffer()).item_double();
                    squares += factor.applyAsDouble(parameter) * norm * norm;
                }
            }
        }
        return squares;
    }

    @Override
    public void multiply(double factor) {
        try (Scope scope = Scope.open();
                NoGrad guard = Torch.noGrad()) {
            for (Bucket bucket : buckets) {
                Tensor flat = bucket.flat();
                flat.mul_(Torch.scalar(factor));
            }
        }
    }

    @Override
    public void close() {
        buckets.forEach(Bucket::release);
    }
}
