package io.apus.train.parallel.tensor;

import io.apus.model.layer.Alibi;
import io.apus.model.layer.Attention;
import io.apus.model.layer.AttentionRule;
import io.apus.model.layer.ClippedHeads;
import io.apus.model.layer.Cut;
import io.apus.model.layer.FusedHeads;
import io.apus.model.layer.FusedKeyValue;
import io.apus.model.layer.GatedAttention;
import io.apus.model.layer.GatedDeltaNet;
import io.apus.model.layer.HeadNorms;
import io.apus.model.layer.LatentAttention;
import io.apus.model.layer.LayerNormPerHead;
import io.apus.model.layer.Norm;
import io.apus.model.layer.Parameter;
import io.apus.model.layer.ProjectionSlot;
import io.apus.model.layer.QueryKeyValue;
import io.apus.model.layer.RmsNorm;
import io.apus.model.layer.SeparateHeads;
import io.apus.model.layer.TokenMixer;
import io.apus.model.tuner.prompt.PrefixedMixer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Leaves of an attention the heads of one rank. */
record AttentionSplit(LinearSplit linears) {
    /** Why {@code ranks} cannot share the heads of {@code mixer}. */
    static List<String> problems(TokenMixer mixer, int ranks) {
        if (mixer instanceof LatentAttention latent) {
            return LatentSplit.problems(latent, ranks);
        }
        if (mixer instanceof GatedDeltaNet linear) {
            return GatedSplit.problems(linear, ranks);
        }
        if (mixer instanceof GatedAttention gated) {
            return HeadCut.of(gated, ranks, 0).problems();
        }
        if (!(mixer instanceof Attention attention)) {
            return List.of("a " + mixer.getClass().getSimpleName() + " cannot be shared");
        }
        QueryKeyValue heads = unclipped(attention.heads());
        if (heads instanceof SeparateHeads || heads instanceof FusedKeyValue || heads instanceof FusedHeads) {
            return HeadCut.of(heads, ranks, 0).problems();
        }
        return List.of("a " + heads.getClass().getSimpleName() + " cannot be shared");
    }

    /** The one map of queries, keys and values that {@code ranks} cannot divide, for some of them need the same keys and values of it. */
    static Optional<ProjectionSlot> torn(TokenMixer mixer, int ranks) {
        return mixer instanceof Attention attention
                        && unclipped(attention.heads()) instanceof FusedHeads fused
                        && HeadCut.of(fused, ranks, 0).replicated()
                ? Optional.of(fused.fused())
                : Optional.empty();
    }

    private static QueryKeyValue unclipped(QueryKeyValue heads) {
        return heads instanceof ClippedHeads clipped ? clipped.free() : heads;
    }

    TokenMixer split(TokenMixer all) {
        if (all instanceof PrefixedMixer prefixed) {
            return split(prefixed);
        }
        if (all instanceof LatentAttention latent) {
            return new LatentSplit(linears).split(latent);
        }
        if (all instanceof GatedDeltaNet linear) {
            return new GatedSplit(linears).split(linear);
        }
        return all instanceof GatedAttention gated ? split(gated) : split((Attention) all);
    }

    /** A prefix has keys and values of every head. */
    private TokenMixer split(PrefixedMixer all) {
        int count = Math.toIntExact(all.cacheShape().heads());
        int ranks = linears.group().size();
        HeadCut cut = new HeadCut(
                Math.max(count, ranks), count, ranks, linears.group().rank());
        Parameter own = linears.outside(all.prefix(), all.columns(cut.keyValues(1)), 1, sharers(cut));
        return new PrefixedMixer(split(all.inner()), own);
    }

    private TokenMixer split(Attention all) {
        HeadCut cut = HeadCut.of(
                unclipped(all.heads()), linears.group().size(), linears.group().rank());
        Cut outputInputs = cut.queries(all.output().get().inFeatures() / cut.heads());
        QueryKeyValue heads = heads(all.heads(), cut);
        linears.summedInputs(all.output(), outputInputs);
        Optional<HeadNorms> norms =
                all.norms().map(whole -> norms(whole, cut, all.heads().headDim()));
        return new SharedMixer(
                new Attention(all.layer(), heads, norms, all.rotary(), rule(all.rule(), cut), all.output()),
                linears.group());
    }

    /** Whole on every rank, which computes a part of their gradients. */
    private HeadNorms norms(HeadNorms all, HeadCut cut, int dim) {
        all.query().parameters().forEach(linears::partial);
        all.key().parameters().forEach(linears::partial);
        int sharers = sharers(cut).slices().size();
        return new HeadNorms(
                norm(all.query(), all.wholeRow(), cut.queries(1), dim, 1),
                norm(all.key(), all.wholeRow(), cut.keyValues(1), dim, sharers),
                all.wholeRow(),
                all.afterRotation());
    }

    private Norm norm(Norm all, boolean wholeRow, Cut heads, int dim, int sharers) {
        if (wholeRow) {
            return new SharedRowNorm((RmsNorm) all, heads.times(dim), sharers, linears.group());
        }
        return all instanceof LayerNormPerHead apart ? new OwnHeadNorms(apart, heads) : all;
    }

    /** Of a map of queries and gates a head is both. */
    private TokenMixer split(GatedAttention all) {
        HeadCut cut = HeadCut.of(all, linears.group().size(), linears.group().rank());
        linears.outputs(all.query(), cut.queries(2L * all.headDim()));
        linears.outputs(all.key(), cut.keyValues(all.headDim()), sharers(cut));
        linears.outputs(all.value(), cut.keyValues(all.headDim()), sharers(cut));
        linears.summedInputs(all.output(), cut.queries(all.headDim()));
        return new SharedMixer(
                new GatedAttention(
                        all.layer(),
                        all.query(),
                        all.key(),
                        all.value(),
                        norms(all.norms(), cut, all.headDim()),
                        all.rotary(),
                        rule(all.rule(), cut),
                        all.output(),
                        cut.ownKeyValueHeads(),
                        all.headDim()),
                linears.group());
    }

    private QueryKeyValue heads(QueryKeyValue all, HeadCut cut) {
        int dim = all.headDim();
        if (all instanceof ClippedHeads clipped) {
            return new ClippedHeads(heads(clipped.free(), cut), clipped.limit());
        }
        if (all instanceof FusedHeads fused) {
            if (cut.replicated()) {
                linears.sliced(fused.fused(), cut.fused(fused));
            } else {
                linears.outputs(fused.fused(), cut.fused(fused));
            }
            return new FusedHeads(fused.fused(), cut.ownHeads(), cut.ownKeyValueHeads(), dim, fused.grouped());
        }
        LinearSplit.Sharers sharers = sharers(cut);
        if (all instanceof FusedKeyValue pair) {
            linears.outputs(pair.query(), cut.queries(dim));
            linears.outputs(pair.keyValue(), cut.keyValues(2L * dim), sharers);
            return new FusedKeyValue(pair.query(), pair.keyValue(), cut.ownKeyValueHeads(), dim);
        }
        SeparateHeads separate = (SeparateHeads) all;
        linears.outputs(separate.query(), cut.queries(dim));
        linears.outputs(separate.key(), cut.keyValues(dim), sharers);
        linears.outputs(separate.value(), cut.keyValues(dim), sharers);
        return new SeparateHeads(separate.query(), separate.key(), separate.value(), cut.ownKeyValueHeads(), dim);
    }

    private LinearSplit.Sharers sharers(HeadCut cut) {
        TensorGroup group = linears.group();
        return cut.replicated()
                ? new LinearSplit.Sharers(
                        group.sharers(cut.keyValueHeads()), Optional.of(group.sharing(cut.keyValueHeads())))
                : linears.alone();
    }

    private AttentionRule rule(AttentionRule all, HeadCut cut) {
        Cut heads = cut.queries(1);
        return new AttentionRule(
                all.window(),
                all.scale(),
                all.softcap(),
                all.sinks().map(sinks -> linears.outside(sinks, heads)),
                all.alibi().map(alibi -> slopes(alibi, heads.spans().get(0))));
    }

    private static Alibi slopes(Alibi all, Cut.Span heads) {
        float[] own = Arrays.copyOfRange(all.slopes(), (int) heads.from(), (int) heads.to());
        return new Alibi(own, all.scale(), all.rounded());
    }
}
