package io.apus.model.family;

import io.apus.model.layer.Attention;
import io.apus.model.layer.AttentionRule;
import io.apus.model.layer.ClippedHeads;
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
    private double clip;
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

    /** Whether the maps to queries, keys and values, and the one after them, have biases; say it before naming them. */
    AttentionPlan biases(boolean ofHeads, boolean ofOutput) {
        headBias = ofHeads;
        outputBias = ofOutput;
        return this;
    }

    /** Queries, keys and values that come about in a way of their own. */
    AttentionPlan heads(QueryKeyValue own) {
        heads = own;
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

    /** Other names than self_attn.q_proj, self_attn.k_proj and self_attn.v_proj. */
    AttentionPlan separate(String query, String key, String value) {
        Dimensions sizes = plan.sizes();
        int queries = sizes.numAttentionHeads() * sizes.headDim();
        int keys = sizes.numKeyValueHeads() * sizes.headDim();
        heads = new SeparateHeads(
                plan.linear(layer.name(query), queries, sizes.hiddenSize(), headBias),
                plan.linear(layer.name(key), keys, sizes.hiddenSize(), headBias),
                plan.linear(layer.name(value), keys, sizes.hiddenSize(), headBias),
                sizes.numKeyValueHeads(),
                sizes.headDim());
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

    /** Keeps queries, keys and values within -limit and limit; 0 for free ones. */
    AttentionPlan clip(double limit) {
        clip = limit;
        return this;
    }

    AttentionPlan rotary(Rotary positions) {
        rotary = Optional.of(positions);
        return this;
    }

    /** Tokens that a query sees, itself included; 0 for all. */
    AttentionPlan window(int tokens) {
        rule = new AttentionRule(tokens, rule.scale(), rule.softcap(), rule.sinks(), rule.alibi());
        return this;
    }

    /** Another scale than 1 / sqrt(headDim). */
    AttentionPlan scale(double scale) {
        rule = new AttentionRule(rule.window(), scale, rule.softcap(), rule.sinks(), rule.alibi());
        return this;
    }

    AttentionPlan rule(UnaryOperator<AttentionRule> change) {
        rule = change.apply(rule);
        return this;
    }

    Attention build() {
        Dimensions sizes = plan.sizes();
        if (heads == null) {
            separate("self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj");
        }
        int width = sizes.numAttentionHeads() * sizes.headDim();
        return new Attention(
                layer.index(),
                clip > 0 ? new ClippedHeads(heads, clip) : heads,
                norms,
                rotary,
                rule,
                plan.linear(layer.name(output), sizes.hiddenSize(), width, outputBias));
    }
}
