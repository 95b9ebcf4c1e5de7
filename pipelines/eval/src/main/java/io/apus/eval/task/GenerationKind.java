package io.apus.eval.task;

import io.apus.eval.generate.Generation;
import io.apus.eval.generate.GenerationRequest;
import io.apus.eval.generate.GenerationSettings;
import io.apus.eval.generate.Generator;
import io.apus.eval.generate.TokenListener;
import io.apus.eval.score.ExactMatch;
import io.apus.model.DecoderModel;
import io.apus.schemas.data.Score;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Lets the model answer and compares the answer with the reference (see {@link ExactMatch}). */
final class GenerationKind implements EvalKind {
    private static final String EXACT_MATCH = "exact_match";

    @Override
    public List<Outcome> score(DecoderModel model, TextCodec codec, EvalOptions options, List<EvalItem> items) {
        int context = model.config().maxPositionEmbeddings();
        List<GenerationRequest> requests = new ArrayList<>();
        boolean[] fits = new boolean[items.size()];
        for (int i = 0; i < fits.length; i++) {
            int[] prompt = codec.prompt(items.get(i).messages());
            fits[i] = prompt.length < context;
            if (fits[i]) {
                requests.add(new GenerationRequest(
                        prompt, settings(codec, options, items.get(i).id())));
            }
        }
        List<Generation> answers = new Generator(model).generate(requests, TokenListener.none());
        return outcomes(codec, items, fits, answers);
    }

    private static GenerationSettings settings(TextCodec codec, EvalOptions options, String id) {
        // Each item has its own stream of draws, so the items beside it do not matter.
        long seed = options.seed() * 31 + id.hashCode();
        return new GenerationSettings(options.maxNewTokens(), options.temperature(), 0, 1, 1, seed, codec.stopIds());
    }

    private static List<Outcome> outcomes(
            TextCodec codec, List<EvalItem> items, boolean[] fits, List<Generation> answers) {
        List<Outcome> outcomes = new ArrayList<>();
        int next = 0;
        for (int i = 0; i < fits.length; i++) {
            EvalItem item = items.get(i);
            outcomes.add(
                    fits[i]
                            ? outcome(item, codec.decode(answers.get(next++).ids()))
                            : Outcome.refused(item.task(), item.id(), Outcome.OVER_LONG));
        }
        return outcomes;
    }

    private static Outcome outcome(EvalItem item, String answer) {
        Optional<Pattern> pattern = Optional.ofNullable(item.answerPattern()).map(Pattern::compile);
        boolean right =
                ExactMatch.matches(ExactMatch.extract(answer, pattern), ExactMatch.extract(item.reference(), pattern));
        return Outcome.scored(
                item.task(),
                item.id(),
                List.of(new Score(
                        item.task(),
                        EvalKinds.GENERATION,
                        EXACT_MATCH,
                        item.id(),
                        right ? 1 : 0,
                        1,
                        item.prompt(),
                        answer.strip(),
                        item.reference())));
    }
}
