package io.apus.train.parallel.tensor;

import io.apus.model.layer.Cut;
import io.apus.model.layer.Divisible;
import io.apus.model.layer.Parameter;
import io.apus.model.layer.Projection;
import io.apus.model.layer.expert.DividedChange;
import io.apus.model.layer.expert.ExpertBank;
import io.apus.model.layer.expert.ExpertChange;
import io.apus.model.layer.expert.ExpertLayout;
import io.apus.model.layer.expert.ExpertSlot;
import io.apus.model.layer.expert.Experts;
import io.apus.model.layer.expert.FusedExperts;
import io.apus.model.layer.expert.PlainBank;
import io.apus.model.layer.expert.StackedExperts;
import io.apus.model.quant.QuantisedBank;
import io.apus.schemas.UserError;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Leaves of experts whose matrices lie in one tensor for all of them the inner numbers of one rank, as if each were a network of its own. */
record BankSplit(LinearSplit linears) {
    Experts split(Experts all, Cut own) {
        if (all instanceof StackedExperts stacked) {
            Experts part = new StackedExperts(
                    outputs(stacked.gate(), own),
                    outputs(stacked.up(), own),
                    inputs(stacked.down(), own),
                    stacked.activation());
            return new SharedExperts(part, Optional.empty(), linears.group());
        }
        FusedExperts fused = (FusedExperts) all;
        Cut columns = fused.gating().columns(own);
        Experts part = new FusedExperts(
                outputs(fused.in(), columns),
                fused.inBias().map(bias -> linears.outside(bias, columns, 1, linears.alone())),
                inputs(fused.out(), own),
                Optional.empty(),
                fused.gating());
        return new SharedExperts(part, fused.outBias(), linears.group());
    }

    private ExpertSlot outputs(ExpertSlot all, Cut cut) {
        ExpertLayout layout = all.get().layout();
        return part(all, new ExpertLayout(layout.in(), cut.size(), layout.turned(), layout.stacked()), cut, true);
    }

    private ExpertSlot inputs(ExpertSlot all, Cut cut) {
        ExpertLayout layout = all.get().layout();
        return part(all, new ExpertLayout(cut.size(), layout.out(), layout.turned(), layout.stacked()), cut, false);
    }

    private ExpertSlot part(ExpertSlot all, ExpertLayout layout, Cut cut, boolean outputs) {
        ExpertBank bank = all.get();
        boolean rows = bank.layout().turned() == outputs;
        ExpertSlot part = new ExpertSlot(
                bank instanceof QuantisedBank quantised
                        ? quantised(quantised, layout, cut, outputs)
                        : plain((PlainBank) bank, layout, cut, rows));
        part.put(all.change().map(change -> {
            change.parameters().stream().filter(Parameter::trainable).forEach(linears::partial);
            return new DividedChange(change, rows, cut);
        }));
        return part;
    }

    private PlainBank plain(PlainBank all, ExpertLayout layout, Cut cut, boolean rows) {
        ExpertChange.Share share = all.layout().share(all.count(), rows, cut);
        return new PlainBank(linears.outside(all.weight(), share.cut(), share.dimension(), linears.alone()), layout);
    }

    private QuantisedBank quantised(QuantisedBank all, ExpertLayout layout, Cut cut, boolean outputs) {
        List<Projection> parts = new ArrayList<>();
        for (Projection expert : all.experts()) {
            parts.add(Divisible.of(expert)
                    .flatMap(whole -> outputs ? whole.outputs(cut) : whole.inputs(cut, linears::sum))
                    .map(Divisible.Division::part)
                    .orElseThrow(() -> torn(all.name(), cut, outputs)));
        }
        QuantisedBank part = new QuantisedBank(all.name(), layout, parts);
        Set<Parameter> kept = new HashSet<>(part.parameters());
        all.parameters().stream().filter(parameter -> !kept.contains(parameter)).forEach(Parameter::close);
        return part;
    }

    private UserError torn(String name, Cut cut, boolean outputs) {
        return new UserError(
                "Cannot train",
                "tp " + linears.group().size() + ": of the quantised experts " + name + ", " + cut.whole()
                        + (outputs ? " outputs" : " inputs") + " by "
                        + linears.group().size()
                        + " ranks are no whole blocks of numbers that are quantised together",
                "Use ep for them, not tp.");
    }
}
