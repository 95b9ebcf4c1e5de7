package io.apus.train.parallel.tensor;

import io.apus.model.layer.Alibi;
import io.apus.model.layer.Attention;
import io.apus.model.layer.AttentionRule;
import io.apus.model.layer.ClippedHeads;
import io.apus.model.layer.Cut;
import io.apus.model.layer.FusedHeads;
import io.apus.model.layer.FusedKeyValue;
import io.apus.model.layer.HeadNorms;
import io.apus.model.layer.LatentAttention;
import io.apus.model.layer.LayerNormPerHead;
import io.apus.model.layer.Parameter;
import io.apus.model.layer.QueryKeyValue;
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
        if (!(mixer instanceof Attention attention)) {
            return List.of("a " + mixer.getClass().getSimpleName() + " cannot be shared");
        }
        if (attention.norms().filter(AttentionSplit::acrossHeads).isPresent()) {
            return List.of("its norms of queries and keys are over all heads together, or apart for each head");
        }
        QueryKeyValue heads = unclipped(attention.heads());
        if (heads instanceof SeparateHeads || heads instanceof FusedKeyValue || heads instanceof FusedHeads) {
            return HeadCut.of(heads, ranks, 0).problems(heads instanceof FusedHeads);
        }
        return List.of("a " + heads.getClass().getSimpleName() + " cannot be shared");
    }

    private static boolean acrossHeads(HeadNorms norms) {
        return norms.wholeRow() || norms.query() instanceof LayerNormPerHead || norms.key() instanceof LayerNormPerHead;
    }

    private static QueryKeyValue unclipped(QueryKeyValue heads) {
        return heads instanceof ClippedHeads clipped ? clipped.free() : heads;
    }

    TokenMixer split(TokenMixer all) {
        if (all instanceof PrefixedMixer prefixed) {
            return split(prefixed);
        }
        return all instanceof LatentAttention latent ? new LatentSplit(linears).split(latent) : split((Attention) all);
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
        all.norms().ifPresent(norms -> {
            norms.query().parameters().forEach(linears::partial);
            norms.key().parameters().forEach(linears::partial);
        });
        return new SharedMixer(
                new Attention(all.layer(), heads, all.norms(), all.rotary(), rule(all.rule(), cut), all.output()),
                linears.group());
    }

    private QueryKeyValue heads(QueryKeyValue all, HeadCut cut) {
        int dim = all.headDim();
        if (all instanceof ClippedHeads clipped) {
            return new ClippedHeads(heads(clipped.free(), cut), clipped.limit());
        }
        if (all instanceof FusedHeads fused) {
            linears.outputs(fused.fused(), cut.fused(fused));
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
