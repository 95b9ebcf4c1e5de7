package io.apus.train.parallel.zero;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.apus.model.DecoderModel;
import io.apus.model.ModelConfig;
import io.apus.model.layer.Parameter;
import io.apus.model.layer.TokenBatch;
import io.apus.model.training.Backpropagation;
import io.apus.model.training.HeadLoss;
import io.apus.model.training.LinearCrossEntropy;
import io.apus.model.training.RouterLoss;
import io.apus.schemas.spec.TrainSpec;
import io.apus.tensor.Scope;
import io.apus.tensor.collective.Collectives;
import io.apus.tensor.collective.Traffic;
import io.apus.train.parallel.Grid;
import io.apus.train.parallel.ModelShare;
import io.apus.train.parallel.ThreadRanks;
import io.apus.train.parallel.pipeline.Pass;
import io.apus.train.parallel.pipeline.Passing;
import io.apus.train.reduce.WireType;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What two ranks send in a step of {@value #PASSES} passes, and what each holds. */
class ZeroTrafficTest {
    private static final int PASSES = 2;
    /** The sum of the squared norms, a float64. */
    private static final long NORM = 8;

    private static final String CONFIG =
            """
            {"architectures": ["Qwen3ForCausalLM"], "model_type": "qwen3", "hidden_act": "silu", "vocab_size": 96,
             "hidden_size": 48, "intermediate_size": 80, "num_hidden_layers": 4, "num_attention_heads": 4,
             "num_key_value_heads": 2, "head_dim": 16, "max_position_embeddings": 128, "rms_norm_eps": 1e-6,
             "rope_theta": 10000.0, "tie_word_embeddings": true, "initializer_range": 0.05,
             "bos_token_id": 1, "eos_token_id": 2}
            """;

    /**
     * @param reduced bytes for sums that all have, but the norm's
     * @param all bytes of all weights that are here
     * @param experts those of experts
     * @param embedding bytes of the embedding
     * @param norm bytes of the last norm
     * @param parts bytes of what is used together
     * @param afterwards bytes held between steps
     */
    private record Step(
            long reduced,
            long all,
            long experts,
            long embedding,
            long norm,
            List<Long> parts,
            long scattered,
            long gathered,
            long peak,
            long afterwards) {}

    @Test
    void statesInPartsCostNoMoreThanAnAllReduce() throws Exception {
        for (Step rank : step("zero1", WireType.FLOAT32)) {
            assertThat(rank.scattered).isEqualTo(rank.all / 2);
            assertThat(rank.gathered).isEqualTo(rank.all / 2);
            assertThat(rank.reduced).isZero();
            assertThat(rank.peak).isBetween(3 * rank.all, 3 * rank.all + 1000);
        }
    }

    @Test
    void gradientsInPartsAreSummedInEveryPass() throws Exception {
        for (Step rank : step("zero2", WireType.FLOAT32)) {
            assertThat(rank.scattered).isEqualTo(PASSES * rank.all / 2);
            assertThat(rank.gathered).isEqualTo(rank.all / 2);
            assertThat(rank.reduced).isZero();
            assertThat(rank.afterwards).isBetween(5 * rank.all / 2, 5 * rank.all / 2 + 1000);
            assertThat(rank.peak).isLessThan(rank.afterwards + rank.all);
        }
    }

    @Test
    void weightsInPartsAreGatheredForwardAndBack() throws Exception {
        for (Step rank : step("zero3", WireType.FLOAT32)) {
            long blocks = 2 * (rank.all - rank.embedding - rank.norm) - rank.parts.get(rank.parts.size() - 2);
            // The last block is there still when the way back begins. The embedding is used first, as the head and last
            // of all, where it stays for the next pass; the last norm
            // once.
            long embeddings = 3 * PASSES - (PASSES - 1);
            assertThat(rank.gathered).isEqualTo((PASSES * (blocks + rank.norm) + embeddings * rank.embedding) / 2);
            assertThat(rank.scattered).isEqualTo(PASSES * rank.all / 2);
            assertThat(rank.afterwards).isBetween(2 * rank.all, 2 * rank.all + 1000);
        }
    }

    @Test
    void bfloat16HalvesTheGradientsOnTheWire() throws Exception {
        for (Step rank : step("zero1", WireType.BFLOAT16)) {
            assertThat(rank.scattered).isEqualTo(rank.all / 4);
            assertThat(rank.gathered).isEqualTo(rank.all / 2);
        }
    }

    /** Two of four ranks keep a copy, and the other two another one: of a step's sums halves travel between these, once, and back. */
    @Test
    void betweenCopiesPartsOfGradientsTravelOnce() throws Exception {
        Map<String, Object> sharing = Map.of("deepspeed", "zero2", "parallel", Map.of("dp_shard", "2"));
        for (Step rank : step(ModelConfig.parse(CONFIG), sharing, WireType.FLOAT32, 4)) {
            assertThat(rank.scattered).isEqualTo(PASSES * rank.all / 2);
            assertThat(rank.gathered).isEqualTo(rank.all / 2);
            assertThat(rank.reduced).isEqualTo(rank.all / 2);
            assertThat(rank.afterwards).isBetween(5 * rank.all / 2, 5 * rank.all / 2 + 1000);
        }
    }

    /** Each of two ranks has half of the experts to itself, all of their gradients and states: nothing of these travels. */
    @Test
    void expertsThatNobodyElseHasStayWhereTheyAre() throws Exception {
        ModelConfig config = ModelConfig.read(Path.of("../model/src/test/resources/golden/mixtral"));
        for (String plan : List.of("zero1", "zero2")) {
            Map<String, Object> sharing = Map.of("deepspeed", plan, "parallel", Map.of("ep", "2"));
            for (Step rank : step(config, sharing, WireType.FLOAT32)) {
                long shared = rank.all - rank.experts;
                assertThat(rank.experts).isPositive();
                assertThat(rank.scattered).isEqualTo((plan.equals("zero1") ? 1 : PASSES) * shared / 2);
                assertThat(rank.gathered).isEqualTo(shared / 2);
            }
        }
        for (Step rank : step(config, Map.of("deepspeed", "zero3", "parallel", Map.of("ep", "2")), WireType.FLOAT32)) {
            long shared = rank.all - rank.experts;
            assertThat(rank.scattered).isEqualTo(PASSES * shared / 2);
            // Weight, gradient, two averages: of experts all, of the rest half.
            assertThat(rank.afterwards).isBetween(4 * rank.experts + 2 * shared, 4 * rank.experts + 2 * shared + 1000);
        }
    }

    /**
     * Of two stages the first goes forward twice, then back twice: its last block is there still when the way back begins once. The second one goes
     * back at once, where its last block is there still, and its first one is for the next pass.
     */
    @Test
    void stagesGatherTheirPartsForEveryPass() throws Exception {
        Map<String, Object> sharing = Map.of("deepspeed", "zero3", "parallel", Map.of("pp", "2"));
        List<Step> ranks = step(ModelConfig.parse(CONFIG), sharing, WireType.FLOAT32, 4);
        for (Step rank : ranks) {
            boolean first = rank.parts.get(0) > 0;
            int last = rank.parts.size() - 1;
            long blocks = rank.parts.subList(1, last).stream()
                    .mapToLong(Long::longValue)
                    .sum();
            long kept = first
                    ? (PASSES - 1) * rank.parts.get(last - 1)
                    : PASSES * rank.parts.get(last - 1) + (PASSES - 1) * rank.parts.get(1);
            long ends = first ? 2 * PASSES * rank.parts.get(0) : PASSES * rank.parts.get(last);
            assertThat(rank.gathered).isEqualTo((2 * PASSES * blocks - kept + ends) / 2);
            assertThat(rank.scattered).isEqualTo(PASSES * rank.all / 2);
            assertThat(rank.afterwards).isBetween(2 * rank.all, 2 * rank.all + 1000);
        }
        assertThat(ranks.get(0).parts.get(0)).isEqualTo(ranks.get(2).embedding).isPositive();
    }

    private static Pass pass() {
        TokenBatch batch = TokenBatch.of(new long[] {1, 5, 7, 9}, 4);
        HeadLoss loss = LinearCrossEntropy.of(batch, new float[] {0, 1, 1, 1}, 1.0 / 6);
        return new Pass(batch, loss, RouterLoss.NONE, 0);
    }

    private static List<Step> step(String plan, WireType wire) throws Exception {
        return step(ModelConfig.parse(CONFIG), Map.of("deepspeed", plan), wire);
    }

    private static List<Step> step(ModelConfig config, Map<String, Object> sharing, WireType wire) throws Exception {
        return step(config, sharing, wire, 2);
    }

    private static List<Step> step(ModelConfig config, Map<String, Object> sharing, WireType wire, int count)
            throws Exception {
        TrainSpec spec = new JsonMapper().convertValue(Map.of("worldSize", count, "sharing", sharing), TrainSpec.class);
        return ThreadRanks.run(count, ranks -> {
            try (Scope scope = Scope.open();
                    DecoderModel model = DecoderModel.random(config, 7)) {
                model.parameters().values().forEach(parameter -> parameter.trainable(true));
                return step(model, spec, ranks, wire);
            }
        });
    }

    private static Step step(DecoderModel model, TrainSpec spec, Collectives ranks, WireType wire) {
        Grid grid = Grid.of(spec.parallelPlan(), ranks);
        try (ModelShare share = ModelShare.of(grid, model)) {
            return step(model, share, spec, ranks, grid.pipeline(), wire);
        }
    }

    private static Step step(
            DecoderModel model,
            ModelShare share,
            TrainSpec spec,
            Collectives ranks,
            Collectives stages,
            WireType wire) {
        List<Parameter> trained = List.copyOf(model.parameters().values());
        try (ZeroHolding holding = new ZeroHolding(model, trained, spec, one -> 1, share, 40_000, wire)) {
            holding.restartPeak();
            Traffic traffic = ranks.traffic();
            holding.gradients().clear();
            Passing.of(model, new Backpropagation(model, true), stages)
                    .train(PASSES, pass -> pass(), pass -> holding.gradients().pass(pass == PASSES - 1));
            holding.gradients().finish();
            assertThat(holding.norm()).isPositive();
            holding.optimiser().step(1e-3);
            return new Step(
                    traffic.bytes(Traffic.Kind.ALL_REDUCE) - 2 * NORM / ranks.size() * (ranks.size() - 1),
                    4 * trained.stream().mapToLong(Parameter::count).sum(),
                    4
                            * trained.stream()
                                    .filter(parameter -> share.of(parameter).ofExpert())
                                    .mapToLong(Parameter::count)
                                    .sum(),
                    4 * model.embedding().weight().count(),
                    4 * model.finalNorm().parameters().get(0).count(),
                    model.parts().stream()
                            .map(part -> 4
                                    * part.stream().mapToLong(Parameter::count).sum())
                            .toList(),
                    traffic.bytes(Traffic.Kind.REDUCE_SCATTER),
                    traffic.bytes(Traffic.Kind.ALL_GATHER),
                    holding.peakBytes(),
                    holding.bytes());
        }
    }
}
