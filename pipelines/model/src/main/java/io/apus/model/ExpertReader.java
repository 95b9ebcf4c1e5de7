package io.apus.model;

import io.apus.model.layer.Linear;
import io.apus.model.layer.Parameter;
import io.apus.model.layer.Projection;
import io.apus.model.layer.Values;
import io.apus.model.layer.expert.ExpertBank;
import io.apus.model.layer.expert.ExpertLayout;
import io.apus.model.layer.expert.ExpertSlot;
import io.apus.model.quant.QuantisedBank;
import io.apus.model.quant.QuantisedLinear;
import io.apus.model.quant.Quantiser;
import io.apus.tensor.DType;
import io.apus.tensor.Scope;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.bytedeco.pytorch.Tensor;

/**
 * Reads the matrices of experts that files hold in one tensor for all of them one by one: as they are packed there, or quantised now.
 *
 * @param quantiser of those that files hold as floats
 * @param used names of experts, see {@link QuantisedBank#experts}, that will be computed with; others are not read
 */
record ExpertReader(BlockScaledExperts packed, Optional<Quantiser> quantiser, Predicate<String> used) {
    /** The banks of {@code slots} with experts that are used and quantised, by name; their parameters are taken out. */
    Map<String, ExpertBank> read(List<ExpertSlot> slots, Map<String, Parameter> parameters) {
        Map<String, ExpertBank> banks = new HashMap<>();
        try {
            for (ExpertSlot slot : slots) {
                boolean becomes = packed.holds(slot.name()) || quantiser.isPresent();
                if (becomes && QuantisedBank.experts(slot).stream().anyMatch(used)) {
                    banks.put(slot.name(), bank(slot, parameters.remove(slot.name())));
                }
            }
            return banks;
        } catch (RuntimeException e) {
            banks.values().forEach(bank -> bank.parameters().forEach(Parameter::close));
            throw e;
        }
    }

    private ExpertBank bank(ExpertSlot slot, Parameter stored) {
        List<String> names = QuantisedBank.experts(slot);
        List<Projection> experts = new ArrayList<>();
        try {
            for (int expert = 0; expert < names.size(); expert++) {
                String name = names.get(expert);
                ExpertLayout layout = slot.get().layout();
                experts.add(used.test(name) ? read(name, slot, stored, expert) : unread(name, layout, stored, expert));
            }
            return new QuantisedBank(slot.name(), slot.get().layout(), experts);
        } catch (RuntimeException e) {
            experts.forEach(Projection::close);
            throw e;
        }
    }

    private Projection read(String name, ExpertSlot slot, Parameter stored, int expert) {
        try (Scope scope = Scope.open()) {
            return packed.holds(slot.name())
                    ? new QuantisedLinear(name, packed.expert(slot.name(), expert), DType.F32, null)
                    : quantiser
                            .orElseThrow()
                            .quantise(
                                    name,
                                    matrix(slot.get().layout(), stored, expert).contiguous(),
                                    null);
        }
    }

    private static Projection unread(String name, ExpertLayout layout, Parameter stored, int expert) {
        long[] shape = {layout.out(), layout.in()};
        return new Linear(
                Parameter.unread(name + ".weight", Values.made(shape, () -> matrix(layout, stored, expert))), null);
    }

    private static Tensor matrix(ExpertLayout layout, Parameter stored, int expert) {
        long from = expert * layout.numbers();
        return layout.linear(stored.elements(from, from + layout.numbers()));
    }
}
