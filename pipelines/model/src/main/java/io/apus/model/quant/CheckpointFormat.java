package io.apus.model.quant;

import io.apus.model.layer.Parameter;
import io.apus.model.quant.format.QuantisedWeight;
import io.apus.model.quant.format.StoredLinear;
import io.apus.model.quant.format.StoredTensors;
import io.apus.tensor.DType;
import io.apus.tensor.Scope;
import java.util.List;
import java.util.function.Function;

/**
 * How a quantised checkpoint keeps its linears. A linear without any of the marks is stored plainly: checkpoints leave some out.
 *
 * @param marks names, after the module's, of tensors that only quantised linears have
 */
public record CheckpointFormat(List<String> marks, Function<StoredLinear, QuantisedWeight> reader) {
    static CheckpointFormat of(String mark, Function<StoredLinear, QuantisedWeight> reader) {
        return new CheckpointFormat(List.of(mark), reader);
    }

    /** Whether the linear {@code module} is stored quantised. */
    public boolean holds(StoredTensors files, String module) {
        return marks.stream().anyMatch(mark -> files.contains(module + "." + mark));
    }

    /**
     * Reads one linear; its tensors are copied.
     *
     * @throws io.apus.schemas.UserError where they do not fit
     */
    public QuantisedLinear read(StoredLinear linear, Parameter biasOrNull) {
        try (Scope scope = Scope.open()) {
            return new QuantisedLinear(linear.module(), reader.apply(linear), DType.F32, biasOrNull);
        }
    }
}
