package io.apus.train.parallel.tensor;

import io.apus.model.layer.Attention;
import io.apus.model.layer.Decoder;
import io.apus.model.layer.DecoderBlock;
import io.apus.model.layer.FeedForward;
import io.apus.model.layer.LatentAttention;
import io.apus.model.layer.ProjectionSlot;
import io.apus.model.layer.TokenMixer;
import io.apus.model.layer.expert.MixtureOfExperts;
import io.apus.model.layer.expert.SeparateExperts;
import io.apus.model.quant.Quantiser;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Whether the parts of quantised matrices stand for the very numbers that the whole ones do: then a part is some of the codes, and as many
 * ranks as there may be train the same base.
 */
record QuantisedCut(Quantiser quantiser, int ranks) {
    /** Why not, one line for a kind of linear. */
    List<String> problems(Decoder decoder) {
        if (quantiser.block().isEmpty()) {
            return List.of(quantiser.name() + " takes numbers of several rows together, which ranks cannot share");
        }
        Quantiser.Block block = quantiser.block().get();
        List<String> problems = new ArrayList<>();
        Set<String> said = new HashSet<>();
        for (DecoderBlock layer : decoder.blocks()) {
            Set<ProjectionSlot> byInputs = byInputs(layer);
            for (ProjectionSlot slot : shared(layer)) {
                String problem = byInputs.contains(slot)
                        ? torn("inputs", slot.get().inFeatures(), ranks, block.columns())
                        : torn("inputs", slot.get().inFeatures(), 1, block.columns())
                                + torn("outputs", slot.get().outFeatures(), ranks, block.rows());
                if (quantiser.takes(slot.name()) && !problem.isEmpty() && said.add(problem)) {
                    problems.add(slot.name() + " as " + quantiser.name() + ":" + problem);
                }
            }
        }
        return problems;
    }

    /** Fewer numbers than a block, where these are of one rank, are a block. */
    private static String torn(String what, long size, int ranks, long block) {
        return size % (ranks * block) == 0
                ? ""
                : " " + size + " " + what + " by " + ranks + " ranks are no whole blocks of " + block;
    }

    /** The linears that are divided: a latent attention's narrow maps are not. */
    private static List<ProjectionSlot> shared(DecoderBlock layer) {
        List<ProjectionSlot> all = new ArrayList<>(layer.slots());
        if (layer.mixer() instanceof LatentAttention latent) {
            all.remove(latent.compressed());
            latent.query().first().ifPresent(narrow -> all.remove(narrow.map()));
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
