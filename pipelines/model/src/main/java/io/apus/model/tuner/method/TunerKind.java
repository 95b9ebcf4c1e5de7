package io.apus.model.tuner.method;

import io.apus.schemas.spec.TunerSpec;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * One tuner of the registry.
 *
 * @param peftType peft_type of its files, empty where they are no adapter
 * @param fresh makes it from the options of a run
 * @param stored makes it from an adapter_config.json of {@code peftType}
 */
public record TunerKind(String peftType, Function<TunerSpec, Tuner> fresh, Function<PeftConfig, Tuner> stored) {
    /** A method on linears: {@code stored} and {@code fresh} read its own settings, the targets are the same for all methods. */
    public static TunerKind adapter(
            String peftType, Function<TunerSpec, AdapterMethod> fresh, Function<PeftConfig, AdapterMethod> stored) {
        return new TunerKind(
                peftType,
                spec -> new AdapterTuner(
                        fresh.apply(spec),
                        Targets.of(spec.targets()),
                        spec.targets().modulesToSave()),
                config -> new AdapterTuner(stored.apply(config), config.targets(), config.modulesToSave()));
    }

    /** This tuner inside another, which leaves the same files. */
    public TunerKind within(UnaryOperator<Tuner> outer) {
        return new TunerKind(peftType, fresh.andThen(outer), stored.andThen(outer));
    }

    /** A tuner that leaves a whole model behind. */
    public static TunerKind whole(Function<TunerSpec, Tuner> fresh) {
        return new TunerKind("", fresh, config -> {
            throw new IllegalStateException("no adapter has an empty peft_type");
        });
    }
}
