package io.apus.eval.task;

import io.apus.eval.score.SampleLoss;
import io.apus.eval.score.TokenScorer;
import io.apus.model.DecoderModel;
import io.apus.schemas.data.PackedRow;
import java.util.List;

/** Loss and token accuracy of the reference given the prompt. */
final class PerplexityKind implements EvalKind {
    @Override
    public List<Outcome> score(DecoderModel model, TextCodec codec, EvalOptions options, List<EvalItem> items) {
        return items.stream().map(item -> score(model, codec, item)).toList();
    }

    private static Outcome score(DecoderModel model, TextCodec codec, EvalItem item) {
        int[] prompt = item.messages().isEmpty() ? new int[0] : codec.prompt(item.messages());
        int[] reference = codec.continuation(item.reference());
        if (prompt.length + reference.length > model.config().maxPositionEmbeddings()) {
            return Outcome.refused(item.task(), item.id(), Outcome.OVER_LONG);
        }
        SampleLoss loss =
                TokenScorer.score(model, row(item.id(), prompt, reference)).get(0);
        return HeldOut.outcome(item.task(), loss, item.prompt(), item.reference());
    }

    private static PackedRow row(String id, int[] prompt, int[] reference) {
        int[] ids = new int[prompt.length + reference.length];
        float[] weights = new float[ids.length];
        System.arraycopy(prompt, 0, ids, 0, prompt.length);
        System.arraycopy(reference, 0, ids, prompt.length, reference.length);
        for (int t = Math.max(1, prompt.length); t < ids.length; t++) {
            weights[t] = 1;
        }
        return new PackedRow(ids, weights, new int[] {ids.length}, List.of(id));
    }
}
