package io.apus.model.family;

import io.apus.model.layer.AttentionRule;
import io.apus.model.layer.LatentAttention;
import io.apus.model.layer.LowRank;
import io.apus.model.layer.Norm;
import io.apus.model.layer.RmsNorm;
import io.apus.model.layer.Rotary;
import io.apus.model.rope.RopeParameters;
import java.util.Optional;

/** Multi-head latent attention with DeepSeek's names, as config.json gives its sizes. */
final class LatentPlan {
    /** Of the norms inside, whatever rms_norm_eps says. */
    private static final double INNER_EPS = 1e-6;

    private final Blueprint plan;
    private final Rotary rotary;
    private final LatentAttention.Heads heads;

    /** @param interleaved neighbours form the rotated pairs */
    LatentPlan(Blueprint plan, boolean interleaved) {
        ConfigFields fields = plan.fields();
        Dimensions sizes = plan.sizes();
        this.plan = plan;
        this.heads = new LatentAttention.Heads(
                sizes.numAttentionHeads(),
                fields.positive("qk_nope_head_dim"),
                fields.positive("qk_rope_head_dim"),
                fields.positive("v_head_dim"));
        this.rotary = new Rotary(
                RopeParameters.of(fields.json(), heads.turned(), sizes.maxPositionEmbeddings()), interleaved);
    }

    Rotary rotary() {
        return rotary;
    }

    LatentAttention attention(Blueprint.Layer layer) {
        ConfigFields fields = plan.fields();
        long hidden = plan.sizes().hiddenSize();
        long latent = fields.positive("kv_lora_rank");
        boolean bias = fields.flag("attention_bias", false);
        String self = layer.name("self_attn");
        return new LatentAttention(
                layer.index(),
                query(self, bias),
                plan.linear(self + ".kv_a_proj_with_mqa", latent + heads.turned(), hidden, bias),
                norm(self + ".kv_a_layernorm", latent),
                plan.linear(
                        self + ".kv_b_proj", (long) heads.count() * (heads.plain() + heads.valueDim()), latent, false),
                plan.linear(self + ".o_proj", hidden, (long) heads.count() * heads.valueDim(), bias),
                heads,
                rotary,
                AttentionRule.of(0, scale()));
    }

    private LowRank query(String self, boolean bias) {
        long hidden = plan.sizes().hiddenSize();
        long queries = (long) heads.count() * (heads.plain() + heads.turned());
        int rank = plan.fields().positiveOrNone("q_lora_rank");
        if (rank == 0) {
            return new LowRank(Optional.empty(), plan.linear(self + ".q_proj", queries, hidden, false));
        }
        return new LowRank(
                Optional.of(new LowRank.Down(
                        plan.linear(self + ".q_a_proj", rank, hidden, bias), norm(self + ".q_a_layernorm", rank))),
                plan.linear(self + ".q_b_proj", queries, rank, false));
    }

    private Norm norm(String name, long size) {
        return new RmsNorm(plan.parameter(name + ".weight", Start.ONES, size), INNER_EPS, false);
    }

    /** 1 / sqrt(size of a query), times the square of YaRN's magnitude where the rotation leaves it to the scores (mscale_all_dim). */
    private double scale() {
        double scale = 1 / Math.sqrt((double) heads.plain() + heads.turned());
        double magnitude = rotary.parameters().scoreMagnitude();
        return scale * magnitude * magnitude;
    }
}
