package io.apus.model.tuner.bone;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.apus.model.DecoderModel;
import io.apus.model.layer.Parameter;
import io.apus.model.layer.ProjectionSlot;
import io.apus.model.tuner.method.AdapterMethod;
import io.apus.model.tuner.method.InitialValues;
import io.apus.model.tuner.method.PeftConfig;
import io.apus.schemas.spec.TunerSpec;
import java.util.List;
import java.util.OptionalLong;
import org.bytedeco.pytorch.GeneratorOptional;

/** Block updates; files as those of peft 0.17, tuners/bone/config.py and tuners/miss/config.py: the second is the first by a new name. */
public final class Bone implements AdapterMethod {
    public static final String BONE = "BONE";
    public static final String MISS = "MISS";
    private static final String RANDOM = "false";
    private static final String BAT = "bat";
    private static final String MINI = "mini";

    private final String peftType;
    private final int rank;
    private final String form;
    private final int miniRank;
    private final double dropout;

    /** {@code form} is what PEFT keeps under init_weights. */
    private Bone(String peftType, int rank, String form, int miniRank, double dropout) {
        this.peftType = peftType;
        this.rank = rank;
        this.form = form;
        this.miniRank = miniRank;
        this.dropout = dropout;
    }

    public static AdapterMethod bone(TunerSpec spec) {
        return of(BONE, spec);
    }

    public static AdapterMethod miss(TunerSpec spec) {
        return of(MISS, spec);
    }

    private static AdapterMethod of(String peftType, TunerSpec spec) {
        if (!List.of(RANDOM, BAT).contains(spec.initWeights())) {
            InitialValues.requireUsual(spec);
        }
        return new Bone(peftType, spec.lora().loraRank(), spec.initWeights(), 1, 0);
    }

    public static AdapterMethod of(PeftConfig config) {
        String form = config.get("init_weights").asText("true");
        config.check(
                List.of(InitialValues.USUAL, RANDOM, BAT, MINI).contains(form), "init_weights is \"" + form + "\"");
        config.refuseBias();
        Bone method = new Bone(
                config.peftType(),
                config.positive("r", 64),
                form,
                config.positive("mini_r", 1),
                config.get("miss_dropout").asDouble(0));
        config.throwIfFaulty();
        return method;
    }

    @Override
    public String peftType() {
        return peftType;
    }

    @Override
    public Wrapper start(DecoderModel model, List<ProjectionSlot> targets, GeneratorOptional generator) {
        String member = peftType.equals(MISS) ? ".miss_block" : ".bone_block";
        if (form.equals(BAT)) {
            return (module, base) -> BatProjection.around(module + member, base, rank);
        }
        return (module, base) -> {
            long columns = form.equals(MINI) ? miniRank : base.outFeatures();
            Parameter block = form.equals(RANDOM)
                    ? InitialValues.kaiming(module + member, generator, rank, columns)
                    : InitialValues.constant(module + member, 0, rank, columns);
            return BoneProjection.around(base, block, dropout);
        };
    }

    @Override
    public OptionalLong trainable(long inFeatures, long outFeatures) {
        return OptionalLong.of(rank * (form.equals(MINI) ? miniRank : outFeatures));
    }

    /** Between shards of inputs, where the block is not used more than once. */
    @Override
    public boolean divides(ProjectionSlot linear, boolean byInputs, int ranks) {
        boolean once =
                byInputs || !form.equals(MINI) || miniRank == linear.get().outFeatures();
        return !form.equals(BAT) && once && (!byInputs || linear.get().inFeatures() / ranks % rank == 0);
    }

    @Override
    public void describe(ObjectNode config, List<ProjectionSlot> targets) {
        config.putNull("exclude_modules").putNull("layers_pattern").putNull("layers_to_transform");
        config.put("bias", "none").put("r", rank);
        if (form.equals(BAT) || form.equals(MINI)) {
            config.put("init_weights", form);
        } else {
            config.put("init_weights", form.equals(InitialValues.USUAL));
        }
        if (peftType.equals(MISS)) {
            config.put("mini_r", miniRank).put("miss_dropout", dropout);
        }
    }
}
