package io.apus.eval.task;

import io.apus.eval.score.MetricMean;
import io.apus.eval.score.SampleLoss;
import io.apus.eval.score.TokenScorer;
import io.apus.model.DecoderModel;
import io.apus.schemas.data.PackedRow;
import io.apus.schemas.data.Score;
import java.util.List;

/** The run's own held-out rows as an evaluation set: they are tokens already and need no text. */
public final class HeldOut {
    public static final String TASK = "held_out";
    public static final String TOKEN_ACC = "token_acc";

    private HeldOut() {}

    /** One outcome per sample of the row; loss weighs by loss weight, token accuracy by supervised tokens. */
    public static List<Outcome> score(DecoderModel model, PackedRow row) {
        return TokenScorer.score(model, row).stream()
                .map(loss -> outcome(TASK, loss, "", ""))
                .toList();
    }

    static Outcome outcome(String task, SampleLoss loss, String prompt, String reference) {
        if (loss.weightSum() == 0) {
            return Outcome.refused(task, loss.sample(), Outcome.NO_TARGETS);
        }
        double mean = loss.lossSum() / loss.weightSum();
        double accuracy = (double) loss.correct() / loss.targets();
        return Outcome.scored(
                task,
                loss.sample(),
                List.of(
                        score(task, MetricMean.LOSS, loss.sample(), mean, loss.weightSum(), prompt, reference),
                        score(task, TOKEN_ACC, loss.sample(), accuracy, (double) loss.targets(), prompt, reference)));
    }

    private static Score score(
            String task, String metric, String item, double value, double weight, String prompt, String reference) {
        return new Score(task, EvalKinds.PERPLEXITY, metric, item, value, weight, prompt, "", reference);
    }
}
