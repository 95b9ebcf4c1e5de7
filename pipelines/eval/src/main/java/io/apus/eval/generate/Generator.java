package io.apus.eval.generate;

import io.apus.model.DecoderModel;
import io.apus.model.layer.KvCache;
import io.apus.model.layer.TokenBatch;
import io.apus.schemas.UserError;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Tensor;

/**
 * Continues texts with a model. All requests of a call go through the model together, one token each per step; a finished one leaves the
 * batch. Keys and values of what was read are cached.
 */
public final class Generator {
    private final DecoderModel model;

    /** The model stays the caller's. */
    public Generator(DecoderModel model) {
        this.model = model;
    }

    /**
     * Continues every request.
     *
     * @return one result per request, in their order
     * @throws UserError if a prompt is empty or leaves no room in the model's context
     */
    public List<Generation> generate(List<GenerationRequest> requests, TokenListener listener) {
        if (requests.isEmpty()) {
            return List.of();
        }
        List<Sequence> sequences = sequences(requests);
        int longest = requests.stream()
                .mapToInt(request -> request.promptIds().length + room(request))
                .max()
                .orElseThrow();
        try (Scope scope = Scope.open();
                KvCache cache = model.cache(requests.size(), longest)) {
            List<Sequence> active = sequences;
            while (!active.isEmpty()) {
                step(active, cache, listener);
                active = active.stream().filter(sequence -> !sequence.isDone()).toList();
            }
        }
        return sequences.stream().map(Sequence::result).toList();
    }

    /** Continues one prompt. */
    public Generation generate(int[] promptIds, GenerationSettings settings) {
        return generate(List.of(new GenerationRequest(promptIds, settings)), TokenListener.none())
                .get(0);
    }

    private List<Sequence> sequences(List<GenerationRequest> requests) {
        List<Sequence> sequences = new ArrayList<>();
        for (int i = 0; i < requests.size(); i++) {
            sequences.add(new Sequence(i, requests.get(i), room(requests.get(i))));
        }
        return sequences;
    }

    /** Tokens that may be written: what was asked for, or what the context leaves. */
    private int room(GenerationRequest request) {
        int prompt = request.promptIds().length;
        int context = model.config().maxPositionEmbeddings();
        if (prompt == 0) {
            throw new UserError(
                    "Cannot generate", "the prompt is empty", "Give at least one token, for example the bos token.");
        }
        if (prompt >= context) {
            throw new UserError(
                    "Cannot generate",
                    "the prompt has " + prompt + " tokens and the model's context (max_position_embeddings) is "
                            + context,
                    "Shorten the conversation.");
        }
        return Math.min(request.settings().maxNewTokens(), context - prompt);
    }

    private void step(List<Sequence> active, KvCache cache, TokenListener listener) {
        int[] chosen;
        try (Scope scope = Scope.open()) {
            cache.use(active.stream().mapToInt(Sequence::slot).toArray());
            Tensor hidden = model.hidden(batch(active, cache), cache);
            Tensor logits = model.logits(hidden.index_select(0, model.device().longs(lastRows(active))));
            chosen = choose(active, logits);
        }
        for (int i = 0; i < chosen.length; i++) {
            active.get(i).accept(chosen[i], listener);
        }
    }

    private static TokenBatch batch(List<Sequence> active, KvCache cache) {
        int[] lengths =
                active.stream().mapToInt(sequence -> sequence.unread().length).toArray();
        long[] ids = active.stream()
                .flatMapToInt(sequence -> Arrays.stream(sequence.unread()))
                .asLongStream()
                .toArray();
        return TokenBatch.continuing(cache, ids, lengths);
    }

    private static long[] lastRows(List<Sequence> active) {
        long[] rows = new long[active.size()];
        long end = 0;
        for (int i = 0; i < rows.length; i++) {
            end += active.get(i).unread().length;
            rows[i] = end - 1;
        }
        return rows;
    }

    private static int[] choose(List<Sequence> active, Tensor logits) {
        boolean greedy = active.stream()
                .allMatch(sequence -> sequence.sampler().settings().isPlainGreedy());
        if (greedy) {
            long[] best = Torch.toLongs(logits.argmax(new LongOptional(-1), false));
            return Arrays.stream(best).mapToInt(Math::toIntExact).toArray();
        }
        float[] all = Torch.toFloats(logits);
        int vocabulary = all.length / active.size();
        return IntStream.range(0, active.size())
                .map(i -> active.get(i).sampler().next(Arrays.copyOfRange(all, i * vocabulary, (i + 1) * vocabulary)))
                .toArray();
    }
}
