package io.apus.model.tuner.lora;

import io.apus.model.tuner.method.AdapterMethod;
import io.apus.schemas.UserError;
import io.apus.tensor.Decomposition;
import io.apus.tensor.NoGrad;
import io.apus.tensor.Torch;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * One low-rank adapter made of several by weights, as PEFT's add_weighted_adapter makes it (peft 0.17, tuners/lora/model.py), with three
 * differences: svd types count an adapter's scale once, where PEFT multiplies by it twice; random pruning rescales what stays, which PEFT
 * computes and drops; weights may be negative in every type.
 */
public final class LoraCombination {
    /**
     * One adapter of the combination.
     *
     * @param updates what it adds to each linear, by module name
     */
    public record Part(String name, double weight, Map<String, Factors> updates) {}

    private final Combination how;
    private final List<Part> parts;
    private final WeightedSum sum;
    private final int rank;

    private LoraCombination(Combination how, List<Part> parts) {
        this.how = how;
        this.parts = parts;
        this.sum = new WeightedSum(how);
        this.rank = switch (how.type().space()) {
            case SIDE_BY_SIDE -> parts.stream().mapToInt(LoraCombination::rank).sum();
            case FACTORS -> parts.stream().mapToInt(LoraCombination::rank).max().orElseThrow();
            case UPDATES ->
                how.svdRank() == null
                        ? parts.stream().mapToInt(LoraCombination::rank).max().orElseThrow()
                        : how.svdRank();
        };
    }

    /**
     * The combined adapter, which begins with the values that the parts have now. Its tensors belong to the caller's scope: attach it
     * before that ends.
     *
     * @throws UserError if the parts do not fit each other
     */
    public static AdapterMethod of(Combination how, List<Part> parts) {
        LoraCombination combination = new LoraCombination(how, parts);
        SortedMap<String, LoraStart.Values> values = combination.values();
        return new Lora(combination.settings(), new GivenStart(values));
    }

    /** What the combined adapter's file says and holds, in the caller's scope; see {@link #of}. */
    static Result result(Combination how, List<Part> parts) {
        LoraCombination combination = new LoraCombination(how, parts);
        return new Result(combination.settings(), combination.values());
    }

    record Result(LoraSettings settings, SortedMap<String, LoraStart.Values> values) {}

    private LoraSettings settings() {
        return new LoraSettings(rank, rank, 0, false, false, false, LoraStarts.TRUE, LoraPatterns.NONE, 1);
    }

    private static IntStream ranks(Part part) {
        return part.updates().values().stream().mapToInt(Factors::rank);
    }

    private static int rank(Part part) {
        return ranks(part).max().orElseThrow();
    }

    private SortedMap<String, LoraStart.Values> values() {
        if (how.type().space() == CombinationType.Space.FACTORS) {
            requireEqualRanks();
        }
        SortedMap<String, LoraStart.Values> values = new TreeMap<>();
        try (NoGrad guard = Torch.noGrad()) {
            for (String module : modules()) {
                List<Weighted> updates = new ArrayList<>();
                for (Part part : parts) {
                    Factors factors = part.updates().get(module);
                    if (factors != null) {
                        updates.add(new Weighted(part.name(), factors, part.weight() * factors.scale()));
                    }
                }
                requireEqualShapes(module, updates);
                values.put(module, combined(updates));
            }
        }
        return values;
    }

    /** In the order of their names, which is the order of random draws. */
    private Set<String> modules() {
        Set<String> modules = new TreeSet<>();
        parts.forEach(part -> modules.addAll(part.updates().keySet()));
        return modules;
    }

    private void requireEqualRanks() {
        List<Integer> ranks = parts.stream()
                .flatMapToInt(LoraCombination::ranks)
                .distinct()
                .boxed()
                .toList();
        if (ranks.size() > 1) {
            throw new UserError(
                    "Cannot combine adapters",
                    "their ranks differ " + ranks + ", and this type adds them number by number",
                    "Use cat, or a type that ends in svd.");
        }
    }

    private static void requireEqualShapes(String module, List<Weighted> updates) {
        Weighted first = updates.get(0);
        for (Weighted other : updates) {
            if (other.in() != first.in() || other.out() != first.out()) {
                throw new UserError(
                        "Cannot combine adapters",
                        module + " is [" + first.out() + ", " + first.in() + "] for " + first.adapter() + " and ["
                                + other.out() + ", " + other.in() + "] for " + other.adapter(),
                        "They belong to different base models.");
            }
        }
    }

    /** An update and what it is multiplied by in the sum. */
    private record Weighted(String adapter, Factors factors, double factor) {
        long in() {
            return factors.down().size(1);
        }

        long out() {
            return factors.up().size(0);
        }

        double root() {
            return Math.sqrt(Math.abs(factor));
        }
    }

    private LoraStart.Values combined(List<Weighted> updates) {
        return switch (how.type().space()) {
            case FACTORS -> byFactors(updates);
            case SIDE_BY_SIDE -> sideBySide(updates);
            case UPDATES -> decomposed(updates);
        };
    }

    /** The root's sign goes to B, so that a negative weight takes away what a positive one adds. */
    private LoraStart.Values byFactors(List<Weighted> updates) {
        double[] downWeights = updates.stream().mapToDouble(Weighted::root).toArray();
        double[] upWeights = updates.stream()
                .mapToDouble(update -> Math.copySign(update.root(), update.factor()))
                .toArray();
        return new LoraStart.Values(
                sum.of(updates.stream().map(each -> each.factors().down()).toList(), downWeights),
                sum.of(updates.stream().map(each -> each.factors().up()).toList(), upWeights),
                null);
    }

    /** A module that some parts leave alone gets zeros for their ranks. */
    private LoraStart.Values sideBySide(List<Weighted> updates) {
        Tensor downs = joined(updates.stream().map(each -> each.factors().down().mul(Torch.scalar(each.factor()))), 0);
        Tensor ups = joined(updates.stream().map(each -> each.factors().up()), 1);
        return filled(downs, ups);
    }

    private LoraStart.Values filled(Tensor down, Tensor up) {
        long missing = rank - down.size(0);
        return missing == 0
                ? new LoraStart.Values(down, up, null)
                : new LoraStart.Values(
                        joined(Stream.of(down, Torch.zeros(missing, down.size(1))), 0),
                        joined(Stream.of(up, Torch.zeros(up.size(0), missing)), 1),
                        null);
    }

    private static Tensor joined(Stream<Tensor> tensors, long dimension) {
        return torch.cat(new TensorVector(tensors.toArray(Tensor[]::new)), dimension);
    }

    private LoraStart.Values decomposed(List<Weighted> updates) {
        Tensor whole = sum.of(
                updates.stream().map(each -> each.factors().product()).toList(),
                updates.stream().mapToDouble(Weighted::factor).toArray());
        long most = Math.min(whole.size(0), whole.size(1));
        Decomposition.Svd parts = Decomposition.svd(whole).first(Math.min(rank, most));
        Tensor down = parts.vh().contiguous();
        Tensor up = parts.u().mul(parts.s());
        if (how.svdClamp() != null) {
            Tensor all = joined(Stream.of(up.reshape(-1), down.reshape(-1)), 0);
            double bound = all.quantile(how.svdClamp()).item_double();
            clamp(up, bound);
            clamp(down, bound);
        }
        return filled(down, up);
    }

    private static void clamp(Tensor tensor, double most) {
        tensor.clamp_(new ScalarOptional(Torch.scalar(-most)), new ScalarOptional(Torch.scalar(most)));
    }
}
