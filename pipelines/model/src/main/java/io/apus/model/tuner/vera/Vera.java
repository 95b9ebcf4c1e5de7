package io.apus.model.tuner.vera;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.apus.model.DecoderModel;
import io.apus.model.layer.Parameter;
import io.apus.model.layer.Projection;
import io.apus.model.layer.ProjectionSlot;
import io.apus.model.tuner.method.AdapterMethod;
import io.apus.model.tuner.method.InitialValues;
import io.apus.model.tuner.method.PeftConfig;
import io.apus.schemas.spec.TunerSpec;
import io.apus.schemas.spec.VeraSpec;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.ToLongFunction;
import org.bytedeco.pytorch.GeneratorOptional;

/** Scaled shared random updates; files as those of peft 0.17, tuners/vera/config.py. */
public final class Vera implements AdapterMethod {
    public static final String PEFT_TYPE = "VERA";
    /** PEFT keeps the shared matrices beside the model, not in it. */
    private static final String SHARED_PREFIX = "base_model.";

    private final int rank;
    private final long key;
    private final double dropout;
    private final double initial;
    private final boolean keepsMatrices;

    private Vera(int rank, long key, double dropout, double initial, boolean keepsMatrices) {
        this.rank = rank;
        this.key = key;
        this.dropout = dropout;
        this.initial = initial;
        this.keepsMatrices = keepsMatrices;
    }

    public static AdapterMethod of(TunerSpec tuner) {
        InitialValues.requireUsual(tuner);
        VeraSpec spec = tuner.methods().vera();
        return new Vera(spec.veraRank(), spec.veraProjectionPrngKey(), spec.veraDropout(), spec.veraDInitial(), true);
    }

    public static AdapterMethod of(PeftConfig config) {
        config.refuseBias();
        Vera method = new Vera(
                config.positive("r", 256),
                config.get("projection_prng_key").asLong(0),
                config.get("vera_dropout").asDouble(0),
                config.get("d_initial").asDouble(0.1),
                config.get("save_projection").asBoolean(true));
        config.throwIfFaulty();
        return method;
    }

    @Override
    public String peftType() {
        return PEFT_TYPE;
    }

    @Override
    public Wrapper start(DecoderModel model, List<ProjectionSlot> targets, GeneratorOptional generator) {
        VeraMatrices matrices = VeraMatrices.random(
                key, rank, largest(targets, Projection::outFeatures), largest(targets, Projection::inFeatures));
        return (module, base) -> VeraProjection.around(module, base, matrices, dropout, initial);
    }

    private static long largest(List<ProjectionSlot> targets, ToLongFunction<Projection> size) {
        return targets.stream().map(ProjectionSlot::get).mapToLong(size).max().orElseThrow();
    }

    @Override
    public boolean learns(Parameter added) {
        return !VeraMatrices.contain(added);
    }

    @Override
    public boolean isStored(Parameter added) {
        return keepsMatrices || !VeraMatrices.contain(added);
    }

    @Override
    public String storedName(Parameter added) {
        return VeraMatrices.contain(added) ? SHARED_PREFIX + added.name() : AdapterMethod.super.storedName(added);
    }

    @Override
    public OptionalLong trainable(long inFeatures, long outFeatures) {
        return OptionalLong.of(outFeatures + rank);
    }

    @Override
    public void describe(ObjectNode config, List<ProjectionSlot> targets) {
        config.putNull("layers_pattern").putNull("layers_to_transform");
        config.put("bias", "none").put("fan_in_fan_out", false).put("init_weights", true);
        config.put("r", rank).put("projection_prng_key", key).put("save_projection", keepsMatrices);
        config.put("vera_dropout", dropout).put("d_initial", initial);
    }
}
