package io.apus.model.quant;

import io.apus.model.layer.Cut;
import io.apus.model.layer.MatrixProjection;
import io.apus.model.layer.Parameter;
import io.apus.model.layer.Projection;
import io.apus.model.layer.expert.ExpertBank;
import io.apus.model.layer.expert.ExpertLayout;
import io.apus.model.layer.expert.ExpertSlot;
import io.apus.model.layer.expert.PlainBank;
import io.apus.tensor.DType;
import io.apus.tensor.NoGrad;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import java.util.Collection;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;

/**
 * Frozen matrices of experts, each quantised by itself as the linear [out, in] that it is, whatever tensor files hold it in: what is quantised
 * together is of one expert, as where experts are modules of their own. A matrix is dequantised while its own tokens are multiplied with it,
 * and again for the gradient of these, as {@link QuantisedLinear} does; those of experts without tokens never are.
 *
 * @param name of the tensor in files
 * @param experts by number; plain ones are nobody's here and wait to be cut off
 */
public record QuantisedBank(String name, ExpertLayout layout, List<Projection> experts) implements ExpertBank {
    public QuantisedBank {
        experts = List.copyOf(experts);
    }

    /** How many of {@code slots} hold one. */
    public static long count(Collection<ExpertSlot> slots) {
        return slots.stream()
                .filter(slot -> slot.get() instanceof QuantisedBank)
                .count();
    }

    /** What the matrices of a bank are called one by one, whether it is quantised or not. */
    public static List<String> experts(ExpertSlot slot) {
        return IntStream.range(0, slot.get().count())
                .mapToObj(expert -> slot.name() + "." + expert)
                .toList();
    }

    @Override
    public int count() {
        return experts.size();
    }

    @Override
    public List<Parameter> parameters() {
        return experts.stream().flatMap(each -> each.parameters().stream()).toList();
    }

    @Override
    public Pass pass(boolean training) {
        return (rows, expert) -> experts.get(expert).forward(rows, training);
    }

    @Override
    public ExpertBank part(Cut run) {
        return new QuantisedBank(
                name,
                layout,
                run.spans().stream()
                        .flatMap(span -> experts.subList((int) span.from(), (int) span.to()).stream())
                        .toList());
    }

    @Override
    public PlainBank plain() {
        try (Scope scope = Scope.open();
                NoGrad guard = Torch.noGrad()) {
            Parameter first = parameters().get(0);
            Tensor all = first.device().empty(DType.F32, layout.shape(count()));
            Tensor each = all.view(count(), layout.numbers());
            IntStream.range(0, count()).forEach(expert -> copy(expert, each.select(0, expert)));
            return new PlainBank(new Parameter(name, all), layout);
        } finally {
            experts.forEach(Projection::close);
        }
    }

    private void copy(int expert, Tensor numbers) {
        try (Scope scope = Scope.open()) {
            layout.linear(numbers)
                    .copy_(MatrixProjection.of(experts.get(expert)).weightMatrix());
        }
    }
}
