package io.apus.train.parallel.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import io.apus.model.layer.Cut;
import io.apus.model.layer.Embedding;
import io.apus.model.layer.OutputHead;
import io.apus.model.layer.Parameter;
import io.apus.model.layer.TokenBatch;
import io.apus.model.training.HeadLoss;
import io.apus.model.training.LinearCrossEntropy;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import io.apus.train.parallel.ThreadRanks;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;
import org.assertj.core.data.Offset;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;

/** Ranks with some rows of embedding and head each compute what one with all of them does: numbers of tokens that no rank count divides. */
class SharedVocabularyTest {
    private static final int RANKS = 3;
    private static final int TOKENS = 10;
    private static final int HIDDEN = 4;
    private static final int PADDING = 7;
    private static final long[] IDS = {1, 7, 3, 9, 0, 4, 7, 2};
    private static final float[] WEIGHTS = {1, 1, 0.5f, 1, 0, 2, 1, 1};
    /** Sums of up to 10 products in another order. */
    private static final Offset<Float> ROUNDING = Offset.offset(2e-6f);

    /** A head of every kind, by what is special in it. */
    private static OutputHead head(String kind) {
        Parameter weight = parameter(kind, 2, TOKENS, HIDDEN);
        return switch (kind) {
            case "bias" -> {
                OutputHead.Shaping biased = new OutputHead.Shaping(Optional.of(parameter("bias", 3, TOKENS)), 1, 0);
                yield new OutputHead(kind, null, weight, biased);
            }
            case "capped" -> new OutputHead(kind, weight, null, new OutputHead.Shaping(Optional.empty(), 0.7, 1.5));
            case "rows" -> new OutputHead(kind, null, weight, OutputHead.Shaping.scaled(3)).normalised();
            default -> new OutputHead(kind, null, weight, OutputHead.Shaping.NONE).normalisedColumns();
        };
    }

    private static Parameter parameter(String name, int seed, long... shape) {
        Parameter parameter = new Parameter(name, random(seed, shape));
        parameter.trainable(true);
        return parameter;
    }

    private static Tensor random(int seed, long... shape) {
        return Torch.zeros(shape).normal_(0, 1, new GeneratorOptional(torch.make_generator_cpu(seed)));
    }

    /** What a loss leaves behind: its statistics, the hidden states' gradient, and the gradients of rows. */
    @SuppressWarnings("ArrayRecordComponent") // numbers, compared one by one
    private record Left(List<Double> statistics, float[] ofHidden, List<float[]> ofRows) {}

    private static Left loss(OutputHead head) {
        TokenBatch batch = TokenBatch.of(IDS, 5, 3);
        HeadLoss.Result result = LinearCrossEntropy.of(batch, WEIGHTS, 0.25).apply(random(4, IDS.length, HIDDEN), head);
        List<Parameter> learned = new ArrayList<>(List.of(head.weight()));
        head.bias().ifPresent(learned::add);
        List<float[]> gradients = gradients(learned);
        double correct = result.statistics().correct();
        return new Left(
                List.of(result.statistics().lossSum(), correct), Torch.toFloats(result.hiddenGradient()), gradients);
    }

    private static Left embed(Embedding embedding) {
        TokenBatch batch = TokenBatch.of(IDS, 5, 3);
        float[] states = Torch.toFloats(embedding.forward(batch));
        embedding.backward(batch, random(5, IDS.length, HIDDEN));
        return new Left(List.of(), states, gradients(List.of(embedding.weight())));
    }

    private static List<float[]> gradients(List<Parameter> learned) {
        List<float[]> gradients = new ArrayList<>();
        for (Parameter parameter : learned) {
            gradients.add(Torch.toFloats(parameter.gradientBuffer()));
            parameter.clearGradient();
            parameter.close();
        }
        return gradients;
    }

    private static Map<String, Left> all(UnaryOperator<OutputHead> heads, UnaryOperator<Embedding> embeddings) {
        Map<String, Left> all = new HashMap<>();
        for (String kind : List.of("bias", "capped", "rows", "columns")) {
            all.put(kind, loss(heads.apply(head(kind))));
        }
        Embedding embedding = new Embedding(
                parameter("embedding", 1, TOKENS, HIDDEN),
                OptionalInt.of(PADDING),
                0.5,
                Optional.empty(),
                Optional.empty());
        all.put("embedding", embed(embeddings.apply(embedding)));
        return all;
    }

    @Test
    void theRowsOfAllRanksAreTheVocabulary() throws Exception {
        Map<String, Left> expected;
        try (Scope scope = Scope.open()) {
            expected = all(head -> head, embedding -> embedding);
        }
        long before = Scope.liveNatives();

        List<Map<String, Left>> ranks = ThreadRanks.run(RANKS, world -> {
            try (TensorGroup group = new TensorGroup(world, "all")) {
                SharedVocabulary share = new SharedVocabulary(TOKENS, group);
                UnaryOperator<Parameter> rows = whole -> own(whole, share.own());
                return all(
                        head -> head.withRows(rows, share),
                        embedding -> embedding.withRows(rows.apply(embedding.weight()), share));
            }
        });

        assertThat(Scope.liveNatives()).isEqualTo(before);
        expected.forEach((kind, one) -> requireSame(
                kind, one, ranks.stream().map(rank -> rank.get(kind)).toList()));
    }

    private static Parameter own(Parameter whole, Cut cut) {
        Parameter part = whole.part(cut, 0);
        whole.close();
        return part;
    }

    private static void requireSame(String kind, Left one, List<Left> ranks) {
        for (Left rank : ranks) {
            assertThat(rank.ofHidden()).as(kind).containsExactly(one.ofHidden(), ROUNDING);
            for (int i = 0; i < one.statistics().size(); i++) {
                assertThat(rank.statistics().get(i).floatValue())
                        .isCloseTo(one.statistics().get(i).floatValue(), Offset.offset(1e-5f));
            }
        }
        for (int i = 0; i < one.ofRows().size(); i++) {
            int which = i;
            List<float[]> parts =
                    ranks.stream().map(rank -> rank.ofRows().get(which)).toList();
            assertThat(joined(parts)).as(kind).containsExactly(one.ofRows().get(i), ROUNDING);
        }
    }

    private static float[] joined(List<float[]> parts) {
        float[] all = new float[0];
        for (float[] part : parts) {
            int at = all.length;
            all = Arrays.copyOf(all, at + part.length);
            System.arraycopy(part, 0, all, at, part.length);
        }
        return all;
    }
}
