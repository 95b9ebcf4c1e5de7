package io.apus.model.tuner.llamapro;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.apus.model.DecoderModel;
import io.apus.model.ModelConfig;
import io.apus.model.layer.Parameter;
import io.apus.model.tuner.method.InitialValues;
import io.apus.model.tuner.method.PeftConfig;
import io.apus.model.tuner.method.PeftFiles;
import io.apus.model.tuner.method.Targets;
import io.apus.model.tuner.method.Tuner;
import io.apus.schemas.spec.BlockSpec;
import io.apus.schemas.spec.TunerSpec;
import io.apus.tensor.Scope;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;
import org.bytedeco.pytorch.Tensor;

/**
 * LLaMA-Pro: adds copies of layers that at first change nothing, and trains only them (Wu et al., 2024; ms-swift
 * swift/tuners/llamapro.py). Attaching makes the model a deeper one of its own kind, so there is nothing left to merge.
 */
public final class LlamaPro implements Tuner {
    public static final String SWIFT_TYPE = "LLAMAPRO";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final int newBlocks;
    private final int groups;
    private Growth growth;

    private LlamaPro(int newBlocks, int groups) {
        this.newBlocks = newBlocks;
        this.groups = groups;
    }

    public static Tuner of(TunerSpec tuner) {
        Targets.requireNone(tuner);
        InitialValues.requireUsual(tuner);
        BlockSpec spec = tuner.methods().block();
        int added = spec.llamaproNumNewBlocks();
        return new LlamaPro(added, spec.llamaproNumGroups() == null ? added : spec.llamaproNumGroups());
    }

    public static Tuner of(PeftConfig config) {
        int added = config.positive("num_new_blocks", 4);
        int groups = config.positive("num_groups", added);
        config.check(added % groups == 0, "num_groups is " + groups + " and does not divide num_new_blocks " + added);
        config.throwIfFaulty();
        return new LlamaPro(added, groups);
    }

    @Override
    public void check(ModelConfig config) {
        Growth.check(config.numHiddenLayers(), groups);
    }

    @Override
    public boolean needsFloats() {
        return true;
    }

    @Override
    public void attach(DecoderModel model, long seed) {
        try (Scope scope = Scope.open()) {
            growth = Growth.of(model, newBlocks, groups);
            growth.apply(model);
        }
        model.parameters().forEach((name, parameter) -> parameter.trainable(growth.isNew(name)));
    }

    private SortedMap<String, Parameter> added(DecoderModel model) {
        SortedMap<String, Parameter> added = new TreeMap<>(model.parameters());
        added.keySet().removeIf(name -> !growth.isNew(name));
        return added;
    }

    @Override
    public void load(DecoderModel model, Path folder) {
        attach(model, 0);
        PeftFiles.read(folder, added(model));
    }

    @Override
    public void save(DecoderModel model, Path folder, String baseModel) {
        SortedMap<String, Tensor> tensors = new TreeMap<>();
        added(model).forEach((name, parameter) -> tensors.put(name, parameter.tensor()));
        ObjectNode config = JSON.createObjectNode();
        config.put("base_model_name_or_path", baseModel).put("swift_type", SWIFT_TYPE);
        config.put("num_new_blocks", newBlocks).put("num_groups", groups);
        config.putNull("model_type").putNull("model_key_mapping");
        PeftFiles.write(folder, PeftConfig.sorted(config), tensors);
    }

    @Override
    public void merge(DecoderModel model) {
        // The model has grown: it is the trained model.
    }
}
