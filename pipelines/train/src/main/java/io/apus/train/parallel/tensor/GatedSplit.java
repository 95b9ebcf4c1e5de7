package io.apus.train.parallel.tensor;

import io.apus.model.layer.Cut;
import io.apus.model.layer.GatedDeltaNet;
import io.apus.model.layer.TokenMixer;
import java.util.List;

/** Leaves of a linear attention by the gated delta rule the key heads of one rank, with the value heads that share them. */
record GatedSplit(LinearSplit linears) {
    /** Why {@code ranks} cannot share the heads of {@code all}. */
    static List<String> problems(GatedDeltaNet all, int ranks) {
        int heads = all.heads().keys();
        return heads % ranks == 0 ? List.of() : List.of(heads + " key heads cannot be shared by " + ranks + " ranks");
    }

    TokenMixer split(GatedDeltaNet all) {
        GatedDeltaNet.Heads heads = all.heads();
        int ranks = linears.group().size();
        Cut keys = own(heads.keyWidth());
        Cut values = own((long) heads.values() * heads.valueDim());
        linears.outputs(all.mixed(), own(all.mixed().get().outFeatures()));
        linears.outputs(all.gates(), own(all.gates().get().outFeatures()));
        linears.summedInputs(all.output(), values);
        all.norm().parameters().forEach(linears::partial);
        Cut channels = new Cut(
                heads.width(),
                List.of(keys.spans().get(0), after(keys, heads.keyWidth()), after(values, 2 * heads.keyWidth())));
        return new SharedMixer(
                new GatedDeltaNet(
                        all.layer(),
                        all.mixed(),
                        all.gates(),
                        linears.outside(all.convolution(), channels),
                        linears.outside(all.logDecay(), own(heads.values())),
                        linears.outside(all.shift(), own(heads.values())),
                        all.norm(),
                        all.output(),
                        new GatedDeltaNet.Heads(
                                heads.keys() / ranks, heads.keyDim(), heads.values() / ranks, heads.valueDim())),
                linears.group());
    }

    private Cut own(long size) {
        return Cut.equal(size, linears.group().size(), linears.group().rank());
    }

    private static Cut.Span after(Cut cut, long before) {
        Cut.Span span = cut.spans().get(0);
        return new Cut.Span(before + span.from(), before + span.to());
    }
}
