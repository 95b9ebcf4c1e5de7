package io.apus.model.layer.expert;

import io.apus.model.layer.ChangeSlot;
import io.apus.model.layer.Cut;
import io.apus.model.layer.DecoderBlock;
import io.apus.model.layer.Parameter;
import io.apus.tensor.NoGrad;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** The place of one bank of experts' matrices, and of a change beside them. */
public final class ExpertSlot implements ChangeSlot<ExpertChange> {
    private ExpertBank bank;
    private Optional<ExpertChange> change = Optional.empty();

    public ExpertSlot(ExpertBank bank) {
        this.bank = bank;
    }

    /** Those of a model's blocks. */
    public static List<ExpertSlot> in(List<DecoderBlock> blocks) {
        return blocks.stream()
                .map(DecoderBlock::mlp)
                .filter(MixtureOfExperts.class::isInstance)
                .flatMap(mixture -> ((MixtureOfExperts) mixture).changeSlots().stream())
                .toList();
    }

    @Override
    public String name() {
        return bank.name();
    }

    public ExpertBank get() {
        return bank;
    }

    /** Puts what {@code other} makes of the present bank in its place; what is no longer used is the caller's to close. */
    public void replace(UnaryOperator<ExpertBank> other) {
        bank = other.apply(bank);
    }

    /** Of the tensor in files. */
    public long[] shape() {
        return bank.layout().shape(bank.count());
    }

    @Override
    public Optional<ExpertChange> change() {
        return change;
    }

    @Override
    public void put(Optional<ExpertChange> other) {
        change = other;
    }

    /** What multiplies tokens with the matrices and what is beside them, for one pass. */
    ExpertBank.Pass pass(boolean training) {
        ExpertBank.Pass products = bank.pass(training);
        boolean turned = bank.layout().turned();
        return change.map(ExpertChange::factors)
                .<ExpertBank.Pass>map(factors ->
                        (rows, expert) -> factors.addTo(products.product(rows, expert), rows, expert, turned))
                .orElse(products);
    }

    /** Some of the experts, as {@link ExpertBank#part}, with the part of the change that is beside them. */
    ExpertSlot part(Cut run) {
        ExpertSlot part = new ExpertSlot(bank.part(run));
        part.put(change.map(beside -> beside.part(run)));
        return part;
    }

    @Override
    public List<Parameter> parameters() {
        List<Parameter> all = new ArrayList<>(bank.parameters());
        change.ifPresent(beside -> all.addAll(beside.parameters()));
        return all;
    }

    /** A quantised bank becomes floats: what the change makes of it is not rounded again. */
    @Override
    public void merge() {
        if (change.isPresent()) {
            PlainBank plain = bank.plain();
            bank = plain;
            try (Scope scope = Scope.open();
                    NoGrad guard = Torch.noGrad()) {
                change.get().addTo(plain.weight().tensor());
            }
            change = Optional.empty();
        }
    }
}
