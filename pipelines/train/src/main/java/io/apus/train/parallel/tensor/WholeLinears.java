package io.apus.train.parallel.tensor;

import io.apus.model.DecoderModel;
import io.apus.model.ModelConfig;
import io.apus.model.layer.Attention;
import io.apus.model.layer.DecoderBlock;
import io.apus.model.layer.FeedForward;
import io.apus.model.layer.GatedAttention;
import io.apus.model.layer.GatedDeltaNet;
import io.apus.model.layer.LatentAttention;
import io.apus.model.layer.Parameter;
import io.apus.model.layer.Projection;
import io.apus.model.layer.ProjectionSlot;
import io.apus.model.layer.TokenMixer;
import io.apus.model.layer.expert.MixtureOfExperts;
import io.apus.model.layer.expert.SeparateExperts;
import io.apus.model.layer.expert.SharedExpert;
import io.apus.model.quant.Quantiser;
import io.apus.model.tuner.method.Tuner;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The linears of a described model that stay whole on every rank of a tensor group, because what is attached to them or their quantisation does not
 * let ranks have a part each that stands for the very numbers of the whole; see {@link SlicedOutputs} and {@link GatheredInputs}.
 *
 * @param reasons why, by name; in the order of the layers
 */
public record WholeLinears(Map<String, String> reasons) {
    /**
     * Those of a model of {@code config}.
     *
     * @param quantiser that they are loaded with, if any; formats of files are not looked at
     */
    public static WholeLinears of(ModelConfig config, int ranks, Optional<Quantiser> quantiser, Tuner tuner) {
        Map<String, String> reasons = new LinkedHashMap<>();
        List<DecoderBlock> layers = config.described().blocks();
        Set<String> byInputs = layers.stream()
                .flatMap(layer -> byInputs(layer).stream())
                .map(ProjectionSlot::name)
                .collect(Collectors.toSet());
        Set<String> undivided = tuner.undivided(config, byInputs, ranks);
        for (DecoderBlock layer : layers) {
            AttentionSplit.torn(layer.mixer(), ranks)
                    .ifPresent(slot -> reasons.put(slot.name(), "ranks need the same keys and values of it"));
            for (ProjectionSlot slot : shared(layer)) {
                boolean inputs = byInputs.contains(slot.name());
                if (undivided.contains(slot.name())) {
                    reasons.put(slot.name(), "what is attached looks at all its " + (inputs ? "inputs" : "outputs"));
                }
                quantiser
                        .filter(one -> one.takes(slot.name()))
                        .map(one -> torn(one, slot.get(), inputs, ranks))
                        .filter(problem -> !problem.isEmpty())
                        .ifPresent(problem -> reasons.put(slot.name(), problem));
            }
        }
        return new WholeLinears(reasons);
    }

    /** Those of a model that ranks share already. */
    public static Set<String> of(DecoderModel shared) {
        return shared.projections().values().stream()
                .filter(slot -> slot.get() instanceof WholeProjection)
                .map(ProjectionSlot::name)
                .collect(Collectors.toSet());
    }

    /** Of the linears. */
    public Set<String> names() {
        return reasons.keySet();
    }

    /** One line a reason: how many linears of a model of {@code config} it is about, one of them, and their numbers. */
    public List<String> lines(ModelConfig config) {
        Map<String, List<String>> names = new LinkedHashMap<>();
        reasons.forEach((name, reason) ->
                names.computeIfAbsent(reason, unused -> new ArrayList<>()).add(name));
        Map<String, Long> counts = config.described().projections().values().stream()
                .collect(Collectors.toMap(ProjectionSlot::name, WholeLinears::numbers));
        List<String> lines = new ArrayList<>();
        names.forEach((reason, all) -> lines.add(String.format(
                Locale.ROOT,
                "%d linears such as %s stay whole on every rank of tp: %s (%,d parameters in all)",
                all.size(),
                all.get(0),
                reason,
                all.stream().mapToLong(counts::get).sum())));
        return lines;
    }

    private static long numbers(ProjectionSlot slot) {
        return slot.get().parameters().stream().mapToLong(Parameter::count).sum();
    }

    private static String torn(Quantiser quantiser, Projection linear, boolean byInputs, int ranks) {
        if (quantiser.block().isEmpty()) {
            return quantiser.name() + " takes numbers of several rows together";
        }
        Quantiser.Block block = quantiser.block().get();
        String torn = byInputs
                ? torn("inputs", linear.inFeatures(), ranks, block.columns())
                : torn("inputs", linear.inFeatures(), 1, block.columns())
                        + torn("outputs", linear.outFeatures(), ranks, block.rows());
        return torn.isEmpty() ? "" : "as " + quantiser.name() + torn;
    }

    /** Fewer numbers than a block, where these are of one rank, are a block. */
    private static String torn(String what, long size, int ranks, long block) {
        return size % (ranks * block) == 0
                ? ""
                : ", " + size + " " + what + " by " + ranks + " ranks are no whole blocks of " + block;
    }

    /** The linears that are divided: a latent attention's narrow maps and what chooses experts are not. */
    private static List<ProjectionSlot> shared(DecoderBlock layer) {
        List<ProjectionSlot> all = new ArrayList<>(layer.slots());
        if (layer.mixer() instanceof LatentAttention latent) {
            all.remove(latent.compressed());
            latent.query().first().ifPresent(narrow -> all.remove(narrow.map()));
        }
        if (layer.mlp() instanceof MixtureOfExperts mixture) {
            all.remove(mixture.router().map());
            mixture.shared().flatMap(SharedExpert::gate).ifPresent(all::remove);
        }
        return all;
    }

    /** The linears of which each rank has some inputs; of the others it has some outputs. */
    private static Set<ProjectionSlot> byInputs(DecoderBlock layer) {
        Set<ProjectionSlot> last = new HashSet<>();
        TokenMixer mixer = layer.mixer();
        if (mixer instanceof Attention attention) {
            last.add(attention.output());
        } else if (mixer instanceof LatentAttention latent) {
            last.add(latent.output());
        } else if (mixer instanceof GatedAttention gated) {
            last.add(gated.output());
        } else if (mixer instanceof GatedDeltaNet linear) {
            last.add(linear.output());
        }
        addLast(layer.mlp(), last);
        return last;
    }

    private static void addLast(FeedForward network, Set<ProjectionSlot> last) {
        if (network instanceof MixtureOfExperts mixture) {
            if (mixture.experts() instanceof SeparateExperts separate) {
                separate.networks().forEach(expert -> last.add(expert.down()));
            }
            mixture.shared().ifPresent(shared -> addLast(shared.network(), last));
        } else if (!network.slots().isEmpty()) {
            last.add(network.slots().get(network.slots().size() - 1));
        }
    }
}
