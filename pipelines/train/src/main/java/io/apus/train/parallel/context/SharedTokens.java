package io.apus.train.parallel.context;

import io.apus.model.DecoderModel;
import io.apus.model.ModelConfig;
import io.apus.model.layer.Attention;
import io.apus.model.layer.DecoderBlock;
import io.apus.model.layer.GatedAttention;
import io.apus.model.layer.LatentAttention;
import io.apus.model.layer.TokenMixer;
import io.apus.model.layer.TokenShare;
import io.apus.schemas.UserError;
import io.apus.schemas.spec.ParallelPlan;
import io.apus.schemas.spec.TrainSpec;
import io.apus.schemas.spec.TunerSpec;
import io.apus.train.parallel.Grid;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** How the ranks of a run share the tokens of a row, if they do. */
public record SharedTokens(Optional<Ulysses> ulysses) implements AutoCloseable {
    /** Refuses what cannot be computed of a part of a row's tokens. */
    public static SharedTokens of(Grid grid, TrainSpec train, TunerSpec tuner, DecoderModel model) {
        if (grid.context().size() == 1) {
            return new SharedTokens(Optional.empty());
        }
        List<String> problems = new ArrayList<>();
        note(problems, train.neftuneNoiseAlpha() != null, "neftune_noise_alpha");
        note(problems, tuner.tunerType().equals("longlora"), "tuner_type longlora");
        note(problems, model.virtualTokens().count() > 0, "tuner_type " + tuner.tunerType());
        boolean ring = headRanks(grid.plan(), model.config()) < grid.plan().cp();
        note(
                problems,
                ring && model.blocks().stream().anyMatch(block -> capped(block.mixer())),
                "attention with a softcap, of more ranks than heads allow,");
        model.blocks().stream()
                .map(DecoderBlock::mixer)
                .filter(mixer -> !exact(mixer))
                .map(mixer -> "a layer of kind " + mixer.getClass().getSimpleName())
                .distinct()
                .forEach(problems::add);
        if (!problems.isEmpty()) {
            throw new UserError(
                    "Cannot share the tokens of a row",
                    String.join(", ", problems) + " needs a row's tokens together",
                    "Leave sequence_parallel_size (parallel cp) at 1.");
        }
        return new SharedTokens(Optional.of(ranks(grid, headRanks(grid.plan(), model.config()))));
    }

    /** Of the ranks that share rows, how many share heads: as many as these allow. The others are places in a ring. */
    static int headRanks(ParallelPlan plan, ModelConfig config) {
        int heads = Math.max(1, config.numAttentionHeads() / plan.tp());
        int groups = Math.max(1, config.numKeyValueHeads() / plan.tp());
        return IntStream.iterate(plan.cp(), ranks -> ranks - 1)
                .filter(ranks ->
                        plan.cp() % ranks == 0 && heads % ranks == 0 && (groups % ranks == 0 || ranks % groups == 0))
                .findFirst()
                .orElseThrow();
    }

    private static Ulysses ranks(Grid grid, int headRanks) {
        int rank = grid.context().rank();
        int first = rank - rank % headRanks;
        List<Integer> neighbours =
                IntStream.range(first, first + headRanks).boxed().toList();
        List<Integer> ring = IntStream.range(0, grid.context().size() / headRanks)
                .mapToObj(place -> place * headRanks + rank % headRanks)
                .toList();
        return new Ulysses(grid.context(), grid.context(neighbours), grid.context(ring));
    }

    private static void note(List<String> problems, boolean present, String what) {
        if (present) {
            problems.add(what);
        }
    }

    /** Whether heads of a layer can be computed apart; sinks and slopes belong to certain heads. */
    private static boolean exact(TokenMixer mixer) {
        if (mixer instanceof Attention attention) {
            return attention.rule().sinks().isEmpty()
                    && attention.rule().alibi().isEmpty();
        }
        return mixer instanceof GatedAttention || mixer instanceof LatentAttention;
    }

    private static boolean capped(TokenMixer mixer) {
        return mixer instanceof Attention attention && attention.rule().softcap() > 0;
    }

    public TokenShare share() {
        return ulysses.isPresent() ? ulysses.get() : TokenShare.all();
    }

    @Override
    public void close() {
        ulysses.ifPresent(Ulysses::close);
    }
}
