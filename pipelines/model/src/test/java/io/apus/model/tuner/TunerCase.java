package io.apus.model.tuner;

import io.apus.model.DecoderModel;
import io.apus.model.TinyModels;
import io.apus.model.tuner.method.Tuner;
import io.apus.schemas.spec.BlockSpec;
import io.apus.schemas.spec.FourierSpec;
import io.apus.schemas.spec.LoraSpec;
import io.apus.schemas.spec.MethodSpec;
import io.apus.schemas.spec.OrthogonalSpec;
import io.apus.schemas.spec.TargetSpec;
import io.apus.schemas.spec.TunerSpec;
import io.apus.schemas.spec.VeraSpec;
import java.util.List;
import java.util.stream.Stream;

/**
 * One tuner as the contract tries it.
 *
 * @param spec small enough for {@link TinyModels#qwen3}
 * @param startsAtTheBase whether attaching changes nothing that the model computes
 * @param merges whether it is a change of weights, which can be folded in
 */
record TunerCase(String name, TunerSpec spec, boolean startsAtTheBase, boolean merges) {
    /** Options where the defaults do not fit a tiny model, and starts of a tuner beside its usual one. */
    private static final List<TunerCase> SPECIAL = List.of(
            of("lora", TunerSpec.of("lora").with(lora(0.2))),
            of(
                    "lora with modules_to_save",
                    TunerSpec.of("lora").with(saving("lm_head", "embed_tokens")).with(lora(0.2))),
            of("lora with DoRA", TunerSpec.of("lora").with(dora())),
            of("lora from gaussian", startingAs("gaussian")),
            of("lora from pissa", startingAs("pissa")),
            of("lora from pissa_niter_4", startingAs("pissa_niter_4")),
            of("lora from olora", startingAs("olora")),
            new TunerCase("lora from false", startingAs("false"), false, true),
            of("vera", TunerSpec.of("vera").with(vera())),
            of("fourierft", TunerSpec.of("fourierft").with(fourier())),
            of("oft", TunerSpec.of("oft").with(orthogonal(4, 0, 1))),
            of("boft", TunerSpec.of("boft").with(orthogonal(4, 0, 1))),
            new TunerCase(
                    "fourierft at random",
                    TunerSpec.of("fourierft").startingAs("false").with(fourier()),
                    false,
                    true),
            of("bone", TunerSpec.of("bone").with(lora(0))),
            of("bone bat", TunerSpec.of("bone").startingAs("bat").with(lora(0))),
            new TunerCase("miss", TunerSpec.of("miss").startingAs("false").with(lora(0)), false, true),
            not(of("adapter", TunerSpec.of("adapter").with(MethodSpec.of(block(null))))),
            reft("LoreftIntervention", true),
            reft("NoreftIntervention", true),
            reft("ConsreftIntervention", false),
            reft("LobireftIntervention", true),
            reft("DireftIntervention", true),
            reft("NodireftIntervention", true),
            of("llamapro", TunerSpec.of("llamapro").with(MethodSpec.of(block(3)))),
            of(
                    "llamapro in one place",
                    TunerSpec.of("llamapro").with(MethodSpec.of(new BlockSpec(null, null, 2, 1, null, null, null)))),
            of("boft with a butterfly", TunerSpec.of("boft").with(orthogonal(0, 4, 2))));

    /** Every registered tuner, under its own name where nothing special is said of it. */
    static Stream<TunerCase> all() {
        return Stream.concat(
                Tuners.names().stream()
                        .filter(name -> SPECIAL.stream()
                                .noneMatch(it -> it.spec().tunerType().equals(name)))
                        .map(name -> of(name, TunerSpec.of(name))),
                SPECIAL.stream());
    }

    private static TunerCase of(String name, TunerSpec spec) {
        return new TunerCase(name, spec, true, true);
    }

    private static LoraSpec lora(double dropout) {
        return new LoraSpec(4, 8.0, dropout, null, null, null, null, null);
    }

    private static LoraSpec dora() {
        return new LoraSpec(4, 8.0, 0.2, null, null, null, true, null);
    }

    private static TunerSpec startingAs(String start) {
        return TunerSpec.of("lora").startingAs(start).with(lora(0.2));
    }

    private static TunerCase not(TunerCase merging) {
        return new TunerCase(merging.name(), merging.spec(), merging.startsAtTheBase(), false);
    }

    private static TunerCase reft(String kind, boolean startsAtTheBase) {
        BlockSpec block = new BlockSpec(null, null, null, null, 3, List.of(0.0, 2.0), kind);
        return new TunerCase(kind, TunerSpec.of("reft").with(MethodSpec.of(block)), startsAtTheBase, false);
    }

    private static BlockSpec block(Integer newBlocks) {
        return new BlockSpec(null, 6, newBlocks, null, null, null, null);
    }

    private static MethodSpec vera() {
        return MethodSpec.of(new VeraSpec(6, 3, 0.2, null));
    }

    private static MethodSpec fourier() {
        return MethodSpec.of(new FourierSpec(50, 40.0));
    }

    private static MethodSpec orthogonal(int size, int blocks, int factors) {
        return MethodSpec.of(new OrthogonalSpec(8, size, blocks, factors, 0.3));
    }

    private static TargetSpec saving(String... modules) {
        return new TargetSpec(null, null, List.of(modules));
    }

    static DecoderModel base() {
        return DecoderModel.random(TinyModels.qwen3().with("tie_word_embeddings", true), 7);
    }

    Tuner attached(DecoderModel model) {
        Tuner tuner = Tuners.of(spec);
        tuner.attach(model, 11);
        return tuner;
    }

    @Override
    public String toString() {
        return name;
    }
}
