package io.apus.train.parallel.context;

import io.apus.model.DecoderModel;
import io.apus.model.layer.Attention;
import io.apus.model.layer.DecoderBlock;
import io.apus.model.layer.GatedAttention;
import io.apus.model.layer.LatentAttention;
import io.apus.model.layer.TokenMixer;
import io.apus.model.layer.TokenShare;
import io.apus.schemas.UserError;
import io.apus.schemas.spec.TrainSpec;
import io.apus.schemas.spec.TunerSpec;
import io.apus.train.parallel.Grid;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** How the ranks of a run share the tokens of a row, if they do. */
public record SharedTokens(Optional<Ulysses> ulysses) implements AutoCloseable {
    /** Refuses what cannot be computed of a part of a row's tokens. */
    public static SharedTokens of(Grid grid, TrainSpec train, TunerSpec tuner, DecoderModel model) {
        if (grid.context().size() == 1) {
            return new SharedTokens(Optional.empty());
        }
        List<String> problems = new ArrayList<>();
        note(problems, train.neftuneNoiseAlpha() != null, "neftune_noise_alpha");
        note(problems, train.routerAuxLossCoef() > 0, "router_aux_loss_coef");
        note(problems, tuner.tunerType().equals("longlora"), "tuner_type longlora");
        note(problems, model.virtualTokens().count() > 0, "tuner_type " + tuner.tunerType());
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
        return new SharedTokens(Optional.of(new Ulysses(grid.context())));
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

    public TokenShare share() {
        return ulysses.isPresent() ? ulysses.get() : TokenShare.all();
    }

    @Override
    public void close() {
        ulysses.ifPresent(Ulysses::close);
    }
}
