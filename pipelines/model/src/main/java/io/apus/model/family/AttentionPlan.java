package io.apus.model.family;

import io.apus.model.layer.Attention;
import io.apus.model.layer.AttentionRule;
import io.apus.model.layer.FusedHeads;
import io.apus.model.layer.HeadNorms;
import io.apus.model.layer.QueryKeyValue;
import io.apus.model.layer.Rotary;
import io.apus.model.layer.SeparateHeads;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Describes one layer's self-attention step by step; what is not said is as in Llama. */
final class AttentionPlan {
    private final Blueprint plan;
    private final Blueprint.Layer layer;
    private QueryKeyValue heads;
    private String output = "self_attn.o_proj";
    private boolean headBias;
    private boolean outputBias;
    private Optional<HeadNorms> norms = Optional.empty();
    private Optional<Rotary> rotary = Optional.empty();
    private AttentionRule rule;

    AttentionPlan(Blueprint plan, Blueprint.Layer layer) {
        this.plan = plan;
        this.layer = layer;
        this.rule = AttentionRule.of(0, 1 / Math.sqrt(plan.sizes().headDim()));
    }

    /** Whether the maps to queries, keys and values, and the one after them, have biases; say it before {@link #fused}. */
    AttentionPlan biases(boolean ofHeads, boolean ofOutput) {
        headBias = ofHeads;
        outputBias = ofOutput;
        return this;
    }

    /** One linear map instead of three; see {@link FusedHeads}. */
    AttentionPlan fused(String member, boolean grouped) {
        Dimensions sizes = plan.sizes();
        int rows = (sizes.numAttentionHeads() + 2 * sizes.numKeyValueHeads()) * sizes.headDim();
        heads = new FusedHeads(
                plan.linear(layer.name(member), rows, sizes.hiddenSize(), headBias),
                sizes.numAttentionHeads(),
                sizes.numKeyValueHeads(),
                sizes.headDim(),
                grouped);
        return this;
    }

    /** Another name than self_attn.o_proj. */
    AttentionPlan output(String member) {
        output = member;
        return this;
    }

    AttentionPlan norms(HeadNorms both) {
        norms = Optional.of(both);
        return this;
    }

    AttentionPlan rotary(Rotary positions) {
        rotary = Optional.of(positions);
        return this;
    }

    /** Tokens that a query sees, itself included; 0 for all. */
    AttentionPlan window(int tokens) {
        rule = new AttentionRule(tokens, rule.scale(), rule.softcap(), rule.sinks(), rule.slopes());
        return this;
    }

    /** Another scale than 1 / sqrt(headDim). */
    AttentionPlan scale(double scale) {
        rule = new AttentionRule(rule.window(), scale, rule.softcap(), rule.sinks(), rule.slopes());
        return this;
    }

    AttentionPlan rule(UnaryOperator<AttentionRule> change) {
        rule = change.apply(rule);
        return this;
    }

    Attention build() {
        Dimensions sizes = plan.sizes();
        QueryKeyValue split = heads == null ? separate() : heads;
        int width = sizes.numAttentionHeads() * sizes.headDim();
        return new Attention(
                layer.index(),
                split,
                norms,
                rotary,
                rule,
                plan.linear(layer.name(output), sizes.hiddenSize(), width, outputBias));
    }

    private QueryKeyValue separate() {
        Dimensions sizes = plan.sizes();
        int queries = sizes.numAttentionHeads() * sizes.headDim();
        int keys = sizes.numKeyValueHeads() * sizes.headDim();
        return new SeparateHeads(
                plan.linear(layer.name("self_attn.q_proj"), queries, sizes.hiddenSize(), headBias),
                plan.linear(layer.name("self_attn.k_proj"), keys, sizes.hiddenSize(), headBias),
                plan.linear(layer.name("self_attn.v_proj"), keys, sizes.hiddenSize(), headBias),
                sizes.numKeyValueHeads(),
                sizes.headDim());
    }
}
