package io.apus.model.quant;

import io.apus.model.layer.Cut;
import io.apus.model.layer.Divisible;
import io.apus.model.layer.Linear;
import io.apus.model.layer.MatrixProjection;
import io.apus.model.layer.Parameter;
import io.apus.model.layer.Projection;
import io.apus.model.layer.ProjectionSlot;
import io.apus.model.quant.format.QuantisedWeight;
import io.apus.tensor.Autocast;
import io.apus.tensor.DType;
import io.apus.tensor.Device;
import io.apus.tensor.NoGrad;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Consumer;
import org.bytedeco.pytorch.GradMode;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * y = x W^T + b with a frozen W that stays quantised: it is dequantised to float32 for the product, and again for the gradient of the
 * input, and freed right after each. There is no gradient of W.
 *
 * <p>Its parameters are the tensors that the format keeps, under the names that files give them, and the bias.
 */
public final class QuantisedLinear implements MatrixProjection, Divisible {
    private final String name;
    private final QuantisedWeight weight;
    private final DType precision;
    private final Parameter bias;
    private final List<Parameter> stored = new ArrayList<>();
    private final List<Recall> recalls = new ArrayList<>();

    /**
     * @param name the module's, e.g. {@code model.layers.0.self_attn.q_proj}
     * @param weight its tensors are taken over
     * @param precision type that dequantised weights are rounded to before they are used (F32 for none, F16 or BF16)
     * @param biasOrNull [outFeatures]
     */
    public QuantisedLinear(String name, QuantisedWeight weight, DType precision, Parameter biasOrNull) {
        this.name = name;
        this.weight = weight;
        this.precision = precision;
        this.bias = biasOrNull;
        SortedMap<String, Tensor> tensors = weight.tensors();
        String codes =
                Collections.max(tensors.keySet(), Comparator.comparingLong(key -> Torch.bytes(tensors.get(key))));
        long numbers = weight.outFeatures() * weight.inFeatures();
        tensors.forEach((key, tensor) ->
                stored.add(Parameter.packed(name + "." + key, tensor, key.equals(codes) ? numbers : 0)));
        stored.get(0).onClose(this::forget);
    }

    /** How many of {@code slots} hold one. */
    public static long count(Collection<ProjectionSlot> slots) {
        return slots.stream()
                .filter(slot -> slot.get() instanceof QuantisedLinear)
                .count();
    }

    @Override
    public Tensor forward(Tensor input, boolean training) {
        recalls.removeIf(QuantisedLinear::freed);
        // Operands are of one type already: what the graph remembers must be the tensor that a recall empties.
        try (Scope scope = Scope.open();
                Autocast asTheyAre = Autocast.of(Device.of(input), DType.F32)) {
            Tensor transposed = Torch.like(transposed(), input);
            Tensor product = bias == null
                    ? torch.mm(input, transposed)
                    : torch.addmm(Torch.like(bias.tensor(), input), input, transposed);
            if (input.requires_grad() && GradMode.is_enabled()) {
                recalls.add(Recall.of(this, product, transposed));
            }
            return scope.keep(product);
        }
    }

    private static boolean freed(Recall recall) {
        if (recall.done()) {
            recall.release();
            return true;
        }
        return false;
    }

    /** The weight as products take it, [inFeatures, outFeatures], in the caller's scope. */
    Tensor transposed() {
        try (Scope scope = Scope.open();
                NoGrad guard = Torch.noGrad()) {
            // A view would hold the matrix it was made of; this is a tensor of its own on the same memory.
            return scope.keep(dequantise().t().variable_data());
        }
    }

    /** The weight that products are computed with, float32 [outFeatures, inFeatures], in the caller's scope. */
    public Tensor dequantise() {
        try (Scope scope = Scope.open();
                NoGrad guard = Torch.noGrad()) {
            Tensor exact = weight.dequantise();
            return scope.keep(
                    precision == DType.F32
                            ? exact
                            : exact.to(precision.scalarType()).to(torch.ScalarType.Float));
        }
    }

    @Override
    public Optional<Division> outputs(Cut cut) {
        try (Scope scope = Scope.open()) {
            return weight.part(cut, 0).map(own -> {
                Optional<Piece> ownBias = bias().map(whole -> Piece.of(whole, cut, 0));
                return part(own, ownBias.stream().toList());
            });
        }
    }

    @Override
    public Optional<Division> inputs(Cut cut, Consumer<Tensor> sum) {
        try (Scope scope = Scope.open()) {
            return weight.part(cut, 1).map(own -> part(own, List.of()));
        }
    }

    private Division part(QuantisedWeight own, List<Piece> ownBias) {
        Parameter biasOrNull = ownBias.isEmpty() ? null : ownBias.get(0).parameter();
        return new Division(new QuantisedLinear(name, own, precision, biasOrNull), ownBias);
    }

    @Override
    public Tensor weightMatrix() {
        return dequantise();
    }

    /** A plain linear in this one's place: what was stored is freed, the bias goes over. */
    @Override
    public Projection withWeight(Tensor matrix) {
        try (Scope scope = Scope.open()) {
            Linear plain =
                    new Linear(new Parameter(name + ".weight", matrix.detach().clone()), bias);
            stored.forEach(Parameter::close);
            return plain;
        }
    }

    /** A plain linear with the dequantised weight in this one's place. */
    public Projection dequantised() {
        try (Scope scope = Scope.open()) {
            return withWeight(dequantise());
        }
    }

    @Override
    public long inFeatures() {
        return weight.inFeatures();
    }

    @Override
    public long outFeatures() {
        return weight.outFeatures();
    }

    public QuantisedWeight weight() {
        return weight;
    }

    @Override
    public Optional<Parameter> bias() {
        return Optional.ofNullable(bias);
    }

    /** Bytes that the stored tensors take, the bias not counted. */
    public long bytes() {
        return stored.stream().mapToLong(p -> Torch.bytes(p.tensor())).sum();
    }

    @Override
    public List<Parameter> parameters() {
        List<Parameter> all = new ArrayList<>(stored);
        bias().ifPresent(all::add);
        return all;
    }

    private void forget() {
        recalls.forEach(Recall::release);
        recalls.clear();
    }

    @Override
    public void close() {
        stored.forEach(Parameter::close);
        bias().ifPresent(Parameter::close);
    }
}
