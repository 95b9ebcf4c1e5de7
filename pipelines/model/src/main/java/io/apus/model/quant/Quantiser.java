package io.apus.model.quant;

import io.apus.model.layer.Parameter;
import io.apus.model.quant.format.QuantisedWeight;
import io.apus.tensor.DType;
import io.apus.tensor.Scope;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Tensor;

/**
 * Quantises linears while a model is loaded.
 *
 * @param name the method's, for messages and estimates
 * @param precision type that dequantised weights are rounded to before they are used
 * @param block what is quantised together; empty where that is no block of the matrix
 * @param method float32 [outFeatures, inFeatures] to its quantised form
 */
public record Quantiser(String name, DType precision, Optional<Block> block, Function<Tensor, QuantisedWeight> method) {
    /** Neighbouring numbers of neighbouring rows: a matrix can be divided between blocks. */
    public record Block(long rows, long columns) {
        /** Every row by itself, with one scale that all its parts can use. */
        public static final Block ROW = new Block(1, 1);
    }

    /** Linears that choose experts: small, and a wrong choice costs more than their memory. ms-swift leaves them out too. */
    private static final Set<String> ROUTERS = Set.of("gate", "router", "shared_expert_gate");

    /** Whether {@code module} is to be quantised; the output head never is, it is no linear of a layer. */
    public boolean takes(String module) {
        return Stream.of(module.split("\\.", -1)).noneMatch(ROUTERS::contains);
    }

    /** The linear {@code module} with a quantised copy of {@code weight}. */
    public QuantisedLinear quantise(String module, Tensor weight, Parameter biasOrNull) {
        try (Scope scope = Scope.open()) {
            return new QuantisedLinear(module, method.apply(weight), precision, biasOrNull);
        }
    }

    /** Quantises and dequantises: what a float32 [outFeatures, inFeatures] looks like to the model. */
    public Tensor rounded(Tensor weight) {
        try (Scope scope = Scope.open()) {
            return scope.keep(method.apply(weight).dequantise().contiguous());
        }
    }
}
