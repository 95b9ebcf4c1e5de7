package io.apus.model.tuner.method;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.apus.model.DecoderModel;
import io.apus.model.ModelConfig;
import io.apus.model.layer.DecoderBlock;
import io.apus.model.layer.Parameter;
import io.apus.tensor.Scope;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Trains what a method adds to whole layers, kept as ms-swift keeps it: by the names in the model, beside a config. */
public final class BlockTuner implements Tuner {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final BlockMethod method;

    public BlockTuner(BlockMethod method) {
        this.method = method;
    }

    @Override
    public void check(ModelConfig config) {
        method.check(config);
    }

    @Override
    public void attach(DecoderModel model, long seed) {
        check(model.config());
        model.parameters().values().forEach(parameter -> parameter.trainable(false));
        try (Scope scope = Scope.open()) {
            GeneratorOptional generator = new GeneratorOptional(torch.make_generator_cpu(seed));
            List<DecoderBlock> blocks = IntStream.range(0, model.blocks().size())
                    .mapToObj(layer -> method.around(model, layer, generator))
                    .toList();
            model.replaceBlocks(blocks);
        }
        added(model).values().forEach(parameter -> parameter.trainable(true));
    }

    private SortedMap<String, Parameter> added(DecoderModel model) {
        SortedMap<String, Parameter> added = new TreeMap<>(model.parameters());
        added.values().removeIf(parameter -> !method.owns(parameter));
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
        config.put("base_model_name_or_path", baseModel);
        config.putNull("model_key_mapping");
        method.describe(config, model);
        PeftFiles.write(folder, PeftConfig.sorted(config), tensors);
    }

    @Override
    public boolean mergeable() {
        return false;
    }

    @Override
    public void merge(DecoderModel model) {
        throw Tuner.unmergeable("adapter", "it adds steps between the layers' own, which are no change of a weight");
    }
}
