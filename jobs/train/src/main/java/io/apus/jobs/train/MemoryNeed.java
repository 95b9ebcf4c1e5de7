package io.apus.jobs.train;

import io.apus.model.ModelConfig;
import io.apus.model.WeightBytes;
import io.apus.model.layer.Decoder;
import io.apus.schemas.spec.ParallelPlan;
import io.apus.schemas.spec.TrainSpec;
import io.apus.train.optimize.Optimisers;
import io.apus.train.parallel.RankLoad;
import java.util.Comparator;
import java.util.Map;
import java.util.Set;

/**
 * What training needs of memory, rank by rank.
 *
 * @param trained shapes of the trained parameters, by name
 * @param undivided names of the linears that every rank of a tensor group has whole
 * @param tokens of one forward pass on the ranks of a row
 */
record MemoryNeed(
        ModelConfig config,
        WeightBytes weights,
        Map<String, long[]> trained,
        Set<String> undivided,
        long tokens,
        TrainSpec spec) {
    private static final long FLOAT = 4;
    private static final long LIBRARIES = 500L << 20;
    /** The loss takes its rows in chunks of at most this many logits, and at least 128 rows. */
    private static final long CHUNK_LOGITS = 40_000_000;
    /** Of weights that are spread (ZeRO-3), those in use and those on their way. */
    private static final int GATHERED = 2;
    /** Of gradients that are spread (ZeRO-2), those being computed and those under way. */
    private static final int WHOLE_GRADIENTS = 3;

    /** The rank that needs most. */
    MemoryEstimate most() {
        Decoder described = config.described();
        RankLoad whole =
                RankLoad.of(described, ParallelPlan.replicas(1), Set.of()).get(0);
        long state = trained.isEmpty() ? 0 : Optimisers.stateBytes(trained, spec);
        long each = floatsPerToken(described, spec.parallelPlan().tp());
        return RankLoad.of(described, spec.parallelPlan(), undivided).stream()
                .map(held -> of(held, whole, state, each))
                .max(Comparator.comparingLong(MemoryEstimate::total))
                .orElseThrow();
    }

    private MemoryEstimate of(RankLoad held, RankLoad whole, long allState, long floatsPerToken) {
        ParallelPlan plan = spec.parallelPlan();
        long allNumbers = whole.trained(trained);
        long numbers = held.trained(trained);
        long spread = held.trainedSpread(trained);
        long state = Math.round(allState * share(numbers, allNumbers));
        long own = tokens / plan.cp();
        long vocabulary = config.vocabSize() / plan.tp();
        long chunkRows = Math.min(own, Math.max(128, Math.min(512, CHUNK_LOGITS / vocabulary)));
        return new MemoryEstimate(
                weights(held, whole),
                weights.working() / plan.tp(),
                FLOAT * (plan.zero() < 2 ? numbers : spread + inFlight(numbers, held, WHOLE_GRADIENTS)),
                plan.zero() == 0 ? state : Math.round(state * share(spread, numbers)),
                FLOAT * own * floatsPerToken,
                FLOAT * (chunkRows * vocabulary + 2 * own * config.hiddenSize()),
                copied() ? (FLOAT * allNumbers + allState) / spec.worldSize() : 0,
                LIBRARIES);
    }

    /** Which of the weights are floats is not known by name: they count by whatever has the larger share. */
    private long weights(RankLoad held, RankLoad whole) {
        double all = share(held.all(), whole.all());
        long floats = Math.round(weights.floats() * Math.max(all, share(held.others(), whole.others())));
        long quantised = Math.round(weights.quantised() * Math.max(all, share(held.linears(), whole.linears())));
        if (weights.quantised() == 0) {
            floats = Math.round(weights.floats() * all);
        }
        boolean spread = spec.parallelPlan().zero() == 3;
        if (!spread) {
            return quantised + floats;
        }
        long kept = Math.round(floats * share(held.allSpread(), held.all()));
        return quantised + kept + FLOAT * inFlight(floats / FLOAT, held, GATHERED);
    }

    private static double share(long part, long whole) {
        return whole == 0 ? 0 : (double) part / whole;
    }

    /** Of {@code numbers}, which are spread, those that are whole at a time. */
    private static long inFlight(long numbers, RankLoad held, int parts) {
        return Math.min(numbers, parts * held.widest());
    }

    private boolean copied() {
        return spec.checkpoint().asyncSave() && !spec.saveStrategy().equals("no");
    }

    /**
     * Without checkpointing every block's intermediate results stay; with it only its input, and the results of one block at a time. A pipeline's
     * stage has fewer blocks and as many more micro-batches under way.
     */
    private long floatsPerToken(Decoder described, int ranks) {
        long queries = (long) config.numAttentionHeads() * config.headDim();
        long keys = (long) config.numKeyValueHeads() * config.headDim();
        // Of experts, those that one token is sent to.
        long between = described.blocks().stream()
                .mapToLong(layer -> layer.mlp().width())
                .max()
                .orElse(config.intermediateSize());
        long block = 6L * config.hiddenSize() + 4 * (queries + keys + between) / ranks;
        long layers = config.numHiddenLayers();
        return block + (spec.gradientCheckpointing() ? layers * config.hiddenSize() + block : layers * block);
    }
}
