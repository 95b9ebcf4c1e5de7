package io.apus.train.parallel.tensor;

import io.apus.model.layer.Cut;
import io.apus.model.layer.LatentAttention;
import io.apus.model.layer.LowRank;
import io.apus.model.layer.TokenMixer;
import java.util.List;

/**
 * Leaves of a latent attention the heads of one rank. The maps to the narrow vectors, which all heads use, are on every rank; each computes the
 * part of their gradients that comes from its heads.
 */
record LatentSplit(LinearSplit linears) {
    /** Why {@code ranks} cannot share the heads of {@code all}. */
    static List<String> problems(LatentAttention all, int ranks) {
        int heads = all.heads().count();
        return heads % ranks == 0 ? List.of() : List.of(heads + " heads cannot be shared by " + ranks + " ranks");
    }

    TokenMixer split(LatentAttention all) {
        LatentAttention.Heads heads = all.heads();
        linears.outputs(all.query().up(), own(heads.count(), (long) heads.plain() + heads.turned()));
        linears.outputs(all.expanded(), own(heads.count(), (long) heads.plain() + heads.valueDim()));
        linears.summedInputs(all.output(), own(heads.count(), heads.valueDim()));
        all.query().first().ifPresent(this::keep);
        all.compressed().get().parameters().forEach(linears::partial);
        all.norm().parameters().forEach(linears::partial);
        LatentAttention.Heads ownHeads = new LatentAttention.Heads(
                heads.count() / linears.group().size(), heads.plain(), heads.turned(), heads.valueDim());
        return new SharedMixer(
                new LatentAttention(
                        all.layer(),
                        all.query(),
                        all.compressed(),
                        all.norm(),
                        all.expanded(),
                        all.output(),
                        ownHeads,
                        all.rotary(),
                        all.rule()),
                linears.group());
    }

    private Cut own(int heads, long each) {
        return Cut.equal(heads * each, linears.group().size(), linears.group().rank());
    }

    private void keep(LowRank.Down narrow) {
        narrow.map().get().parameters().forEach(linears::partial);
        narrow.norm().parameters().forEach(linears::partial);
    }
}
