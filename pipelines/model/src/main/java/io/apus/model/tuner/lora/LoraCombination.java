package io.apus.model.tuner.lora;

import io.apus.model.tuner.method.AdaptedProjection;
import io.apus.model.tuner.method.AdapterMethod;
import io.apus.schemas.UserError;
import io.apus.tensor.Decomposition;
import io.apus.tensor.NoGrad;
import io.apus.tensor.Torch;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** One low-rank adapter made of several by weights, as PEFT's add_weighted_adapter makes it (peft 0.17, tuners/lora/model.py). */
public final class LoraCombination {
    /** How the factors are put together. */
    public enum Kind {
        /** Sums the As and the Bs, each by the root of weight x scale: cheap, and not the sum of the updates. Ranks must agree. */
        LINEAR,
        /** Lays the factors side by side: exactly the weighted sum of the updates, of the sum of their ranks. */
        CAT,
        /** The best approximation of the weighted sum of the updates of the largest of their ranks. */
        SVD
    }

    /**
     * One adapter of the combination.
     *
     * @param updates what it wraps each module in, by module name
     */
    public record Part(String name, double weight, Map<String, AdaptedProjection> updates) {}

    private final Kind kind;
    private final List<Part> parts;
    private final int rank;

    private LoraCombination(Kind kind, List<Part> parts) {
        this.kind = kind;
        this.parts = parts;
        this.rank = kind == Kind.CAT
                ? parts.stream().mapToInt(LoraCombination::rank).sum()
                : parts.stream().mapToInt(LoraCombination::rank).max().orElseThrow();
    }

    /**
     * The combined adapter, which begins with the values that the parts have now. Its tensors belong to the caller's scope: attach it
     * before that ends.
     */
    public static AdapterMethod of(Kind kind, List<Part> parts) {
        parts.forEach(LoraCombination::check);
        if (kind == Kind.LINEAR
                && parts.stream().mapToInt(LoraCombination::rank).distinct().count() > 1) {
            throw new UserError(
                    "Cannot combine adapters",
                    "their ranks differ, linear adds them number by number",
                    "Use cat or svd.");
        }
        return new LoraCombination(kind, parts).method();
    }

    private static void check(Part part) {
        part.updates().values().forEach(update -> {
            if (!(update instanceof LoraProjection)) {
                throw new UserError(
                        "Cannot combine adapters",
                        part.name() + " is no plain LoRA",
                        "Merge it into the model instead.");
            }
        });
    }

    private static int rank(Part part) {
        LoraProjection any = (LoraProjection) part.updates().values().iterator().next();
        return Math.toIntExact(any.update().down().shape()[0]);
    }

    private AdapterMethod method() {
        Map<String, LoraStart.Values> values = new TreeMap<>();
        try (NoGrad guard = Torch.noGrad()) {
            parts.stream()
                    .flatMap(part -> part.updates().keySet().stream())
                    .distinct()
                    .forEach(module -> {
                        List<Weighted> updates = new ArrayList<>();
                        for (Part part : parts) {
                            if (part.updates().get(module) instanceof LoraProjection lora) {
                                updates.add(new Weighted(lora, part.weight() * lora.scale()));
                            }
                        }
                        values.put(module, combined(updates));
                    });
        }
        LoraSettings settings = new LoraSettings(rank, rank, 0, false, false, false, LoraStarts.TRUE, 1);
        return new Lora(settings, new GivenStart(values));
    }

    /** An update and what it is multiplied by in the sum. */
    private record Weighted(LoraProjection lora, double factor) {
        Tensor down() {
            return lora.update().down().tensor().detach();
        }

        Tensor up() {
            return lora.update().up().tensor().detach();
        }
    }

    private LoraStart.Values combined(List<Weighted> updates) {
        return switch (kind) {
            case LINEAR -> linear(updates);
            case CAT -> cat(updates);
            case SVD -> svd(updates);
        };
    }

    /** The root's sign goes to B, so that a negative weight takes away what a positive one adds. */
    private static LoraStart.Values linear(List<Weighted> updates) {
        Tensor down = torch.zeros_like(updates.get(0).down());
        Tensor up = torch.zeros_like(updates.get(0).up());
        for (Weighted update : updates) {
            double root = Math.sqrt(Math.abs(update.factor()));
            down.add_(update.down(), Torch.scalar(root));
            up.add_(update.up(), Torch.scalar(Math.copySign(root, update.factor())));
        }
        return new LoraStart.Values(down, up, null);
    }

    /** A module that some parts leave alone gets zeros for their ranks. */
    private LoraStart.Values cat(List<Weighted> updates) {
        Tensor first = updates.get(0).down();
        List<Tensor> downs = new ArrayList<>();
        List<Tensor> ups = new ArrayList<>();
        int filled = 0;
        for (Weighted update : updates) {
            downs.add(update.down().mul(Torch.scalar(update.factor())));
            ups.add(update.up());
            filled += Math.toIntExact(update.down().size(0));
        }
        downs.add(Torch.zeros(rank - filled, first.size(1)));
        ups.add(Torch.zeros(updates.get(0).up().size(0), rank - filled));
        return new LoraStart.Values(joined(downs, 0), joined(ups, 1), null);
    }

    private static Tensor joined(List<Tensor> tensors, long dimension) {
        return torch.cat(new TensorVector(tensors.toArray(Tensor[]::new)), dimension);
    }

    private LoraStart.Values svd(List<Weighted> updates) {
        Tensor sum = torch.zeros_like(updates.get(0).up().mm(updates.get(0).down()));
        for (Weighted update : updates) {
            sum.add_(update.up().mm(update.down()), Torch.scalar(update.factor()));
        }
        Decomposition.Svd parts = Decomposition.svd(sum).first(rank);
        return new LoraStart.Values(parts.vh().contiguous(), parts.u().mul(parts.s()), null);
    }
}
