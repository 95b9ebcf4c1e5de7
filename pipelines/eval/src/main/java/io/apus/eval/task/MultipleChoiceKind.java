package io.apus.eval.task;

import io.apus.eval.score.ChoiceScorer;
import io.apus.model.DecoderModel;
import io.apus.schemas.data.Score;
import java.util.List;

/** Whether the right choice is the most likely continuation: by summed log-likelihood (acc) and by that per character (acc_norm). */
final class MultipleChoiceKind implements EvalKind {
    private static final String ACC = "acc";
    private static final String ACC_NORM = "acc_norm";

    @Override
    public List<Outcome> score(DecoderModel model, TextCodec codec, EvalOptions options, List<EvalItem> items) {
        return items.stream().map(item -> score(model, codec, item)).toList();
    }

    private static Outcome score(DecoderModel model, TextCodec codec, EvalItem item) {
        int[] prompt = codec.prompt(item.messages());
        List<int[]> choices = item.choices().stream().map(codec::continuation).toList();
        int longest = choices.stream().mapToInt(ids -> ids.length).max().orElse(0);
        if (prompt.length + longest > model.config().maxPositionEmbeddings()) {
            return Outcome.refused(item.task(), item.id(), Outcome.OVER_LONG);
        }
        double[] sums = ChoiceScorer.logLikelihoods(model, prompt, choices);
        return Outcome.scored(
                item.task(),
                item.id(),
                List.of(
                        score(item, ACC, ChoiceScorer.best(sums)),
                        score(item, ACC_NORM, ChoiceScorer.best(ChoiceScorer.perCharacter(sums, item.choices())))));
    }

    private static Score score(EvalItem item, String metric, int chosen) {
        double value = chosen == item.answer() ? 1 : 0;
        return new Score(
                item.task(),
                EvalKinds.MULTIPLE_CHOICE,
                metric,
                item.id(),
                value,
                1,
                item.prompt(),
                item.choices().get(chosen),
                item.reference());
    }
}
