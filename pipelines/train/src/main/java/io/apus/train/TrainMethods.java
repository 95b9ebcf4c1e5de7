package io.apus.train;

import io.apus.model.DecoderModel;
import io.apus.model.layer.Parameter;
import io.apus.model.training.EmbeddingNoise;
import io.apus.schemas.UserError;
import io.apus.schemas.spec.TrainSpec;
import io.apus.train.loop.BeforeStep;
import io.apus.train.method.Lisa;
import io.apus.train.method.Neftune;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * What a run adds to plain training.
 *
 * @param noise on the embeddings
 * @param preparations for every step
 */
record TrainMethods(EmbeddingNoise noise, List<BeforeStep> preparations) {
    static TrainMethods of(TrainTask task, DecoderModel model) {
        TrainSpec spec = task.train();
        checkExperts(spec, model);
        EmbeddingNoise noise = EmbeddingNoise.none();
        List<BeforeStep> preparations = new ArrayList<>();
        if (spec.neftuneNoiseAlpha() != null) {
            Neftune neftune = new Neftune(spec.neftuneNoiseAlpha(), task.seed());
            noise = neftune;
            preparations.add(neftune);
        }
        if (spec.lisa().lisaActivatedLayers() > 0) {
            preparations.add(new Lisa(layers(model), spec.lisa(), task.seed()));
        }
        return new TrainMethods(noise, preparations);
    }

    private static void checkExperts(TrainSpec spec, DecoderModel model) {
        if (spec.routerAuxLossCoef() > 0
                && model.config().described().blocks().stream()
                        .allMatch(block -> block.mlp().sparse().parameters().isEmpty())) {
            throw new UserError(
                    "Cannot train",
                    "router_aux_loss_coef is " + spec.routerAuxLossCoef() + ", and the model has no experts to balance",
                    "Leave router_aux_loss_coef out.");
        }
    }

    /** The parameters of each layer that are trained at all; none of those that other stages have. */
    private static List<List<Parameter>> layers(DecoderModel model) {
        int count = model.config().described().blocks().size();
        List<List<Parameter>> layers = new ArrayList<>(Collections.nCopies(count, List.of()));
        for (int i = 0; i < model.blocks().size(); i++) {
            layers.set(
                    model.stretch().first() + i,
                    model.blocks().get(i).parameters().stream()
                            .filter(Parameter::trainable)
                            .toList());
        }
        return layers;
    }
}
