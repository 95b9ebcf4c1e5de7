package io.apus.model.tuner.bone;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.apus.model.DecoderModel;
import io.apus.model.layer.ProjectionSlot;
import io.apus.model.tuner.method.AdapterMethod;
import io.apus.model.tuner.method.PeftConfig;
import io.apus.schemas.spec.TunerSpec;
import java.util.List;
import org.bytedeco.pytorch.GeneratorOptional;

/** Block updates; files as those of peft 0.17, tuners/bone/config.py and tuners/miss/config.py: the second is the first by a new name. */
public final class Bone implements AdapterMethod {
    public static final String BONE = "BONE";
    public static final String MISS = "MISS";
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
        return new Bone(BONE, spec.lora().loraRank(), "true", 1, 0);
    }

    public static AdapterMethod miss(TunerSpec spec) {
        return new Bone(MISS, spec.lora().loraRank(), "true", 1, 0);
    }

    public static AdapterMethod of(PeftConfig config) {
        String form = config.get("init_weights").asText("true");
        config.check(List.of("true", "false", BAT, MINI).contains(form), "init_weights is \"" + form + "\"");
        config.check(config.get("bias").asText("none").equals("none"), "bias is " + config.get("bias"));
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
        return (module, base) -> BoneProjection.around(
                module + member, base, rank, form.equals(MINI) ? miniRank : base.outFeatures(), dropout);
    }

    @Override
    public void describe(ObjectNode config, List<ProjectionSlot> targets) {
        config.putNull("exclude_modules").putNull("layers_pattern").putNull("layers_to_transform");
        config.put("bias", "none").put("r", rank);
        if (form.equals(BAT) || form.equals(MINI)) {
            config.put("init_weights", form);
        } else {
            config.put("init_weights", true);
        }
        if (peftType.equals(MISS)) {
            config.put("mini_r", miniRank).put("miss_dropout", dropout);
        }
    }
}
