package io.apus.model.tuner.reft;

import io.apus.model.layer.Parameter;
import io.apus.model.layer.StateTransform;
import io.apus.model.tuner.method.InitialValues;
import io.apus.tensor.NoGrad;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/**
 * One layer's intervention: h + R^T (source - R h) in a subspace of a few dimensions.
 *
 * @param subspace [hiddenSize, rank]: R^T, or what it is orthonormalised from
 * @param map W [rank, hiddenSize], where the source depends on h
 * @param offset b [rank]
 */
record Intervention(InterventionKind kind, Parameter subspace, Optional<Parameter> map, Parameter offset)
        implements StateTransform {

    /** Starts where h stays as it is, but for the kind that replaces by a constant. */
    static Intervention start(
            String module, InterventionKind kind, long hidden, int rank, GeneratorOptional generator) {
        Parameter subspace = subspace(module, kind, hidden, rank, generator);
        Optional<Parameter> map = Optional.empty();
        if (kind.mapped()) {
            map = Optional.of(InitialValues.constant(module + ".learned_source.weight", 0, rank, hidden));
            if (kind.replaces()) {
                try (Scope scope = Scope.open();
                        NoGrad guard = Torch.noGrad()) {
                    map.get().tensor().copy_(subspace.tensor().t());
                }
            }
        }
        String name = module + (kind.mapped() ? ".learned_source.bias" : ".learned_source");
        Parameter offset = kind.replaces() && !kind.mapped()
                ? InitialValues.uniform(name, generator, 1, rank)
                : InitialValues.constant(name, 0, rank);
        return new Intervention(kind, subspace, map, offset);
    }

    private static Parameter subspace(
            String module, InterventionKind kind, long hidden, int rank, GeneratorOptional generator) {
        String name = module + (kind.orthonormal() ? ".rotate_layer" : ".proj_layer");
        Parameter subspace = InitialValues.normal(name, generator, 1 / Math.sqrt((double) hidden), hidden, rank);
        if (kind.orthonormal()) {
            try (Scope scope = Scope.open();
                    NoGrad guard = Torch.noGrad()) {
                subspace.tensor().copy_(orthonormal(subspace.tensor()));
            }
        }
        return subspace;
    }

    /** The orthonormal factor of a QR decomposition whose triangular factor has a positive diagonal: itself where it is orthonormal. */
    private static Tensor orthonormal(Tensor columns) {
        T_TensorTensor_T parts = torch.linalg_qr(columns);
        Tensor signs = parts.get1().detach().diagonal(0, 0, 1).sign();
        return parts.get0().mul(signs);
    }

    @Override
    public Tensor apply(Tensor states) {
        Tensor columns = kind.orthonormal() ? orthonormal(subspace.tensor()) : subspace.tensor();
        Tensor source = map.isPresent()
                ? torch.linear(states, map.get().tensor(), new TensorOptional(offset.tensor()))
                : offset.tensor().unsqueeze(0).expand(states.size(0), -1);
        Tensor change = kind.replaces() ? source.sub(states.mm(columns)) : source;
        return states.add(change.mm(columns.t()));
    }

    @Override
    public List<Parameter> parameters() {
        return Stream.of(Stream.of(subspace), map.stream(), Stream.of(offset))
                .flatMap(part -> part)
                .toList();
    }
}
