package io.apus.model.tuner.prompt;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.apus.model.DecoderModel;
import io.apus.model.ModelConfig;
import io.apus.model.layer.DecoderBlock;
import io.apus.model.layer.Parameter;
import io.apus.model.layer.TokenMixer;
import io.apus.model.layer.VirtualTokens;
import io.apus.model.tuner.method.InitialValues;
import io.apus.model.tuner.method.ModuleNames;
import io.apus.model.tuner.method.PeftConfig;
import io.apus.model.tuner.method.PeftFiles;
import io.apus.model.tuner.method.Tuner;
import io.apus.schemas.spec.TunerSpec;
import io.apus.tensor.NoGrad;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * Trains keys and values that stand in front of every sample in each layer (Li and Liang, 2021; PEFT tuners/prefix_tuning). An adapter
 * that PEFT trained through a projection holds what came out of it, and is read like any other.
 */
public final class PrefixTuning implements Tuner {
    public static final String PEFT_TYPE = "PREFIX_TUNING";
    private static final String MEMBER = ".prefix";

    private final int count;

    private PrefixTuning(int count) {
        this.count = count;
    }

    public static Tuner of(TunerSpec spec) {
        return new PrefixTuning(PromptFiles.count(spec));
    }

    public static Tuner of(PeftConfig config) {
        return new PrefixTuning(PromptFiles.count(config));
    }

    @Override
    public void check(ModelConfig config) {
        PromptFiles.requireAttention(config);
    }

    @Override
    public OptionalLong trainable(ModelConfig config) {
        return OptionalLong.of(count * width(PromptFiles.heads(config)) * config.numHiddenLayers());
    }

    private static long width(TokenMixer.CacheShape shape) {
        return shape.heads() * (shape.keyDim() + shape.valueDim());
    }

    /** Starts from the standard normal distribution, as PEFT does. */
    @Override
    public void attach(DecoderModel model, long seed) {
        check(model.config());
        model.parameters().values().forEach(parameter -> parameter.trainable(false));
        try (Scope scope = Scope.open()) {
            GeneratorOptional generator = new GeneratorOptional(torch.make_generator_cpu(seed));
            List<DecoderBlock> blocks = new ArrayList<>();
            for (DecoderBlock block : model.blocks()) {
                Parameter first = block.parameters().get(0);
                String name = ModuleNames.ofLayer(blocks.size(), first) + MEMBER;
                long width = width(block.mixer().cacheShape());
                Parameter prefix = InitialValues.normal(name, generator, 1, count, width);
                prefix.trainable(true);
                blocks.add(block.with(new PrefixedMixer(block.mixer(), prefix)));
            }
            model.replaceBlocks(blocks);
            model.virtualTokens(VirtualTokens.keyed(count));
        }
    }

    private static List<Parameter> learned(DecoderModel model) {
        return model.blocks().stream()
                .map(block -> ((PrefixedMixer) block.mixer()).prefix())
                .toList();
    }

    @Override
    public void load(DecoderModel model, Path folder) {
        attach(model, 0);
        List<Parameter> layers = learned(model);
        long columns = layers.stream().mapToLong(layer -> layer.shape()[1]).sum();
        try (Scope scope = Scope.open();
                NoGrad guard = Torch.noGrad();
                Parameter all = new Parameter(PromptFiles.TENSOR, Torch.zeros(count, columns))) {
            PeftFiles.read(folder, new TreeMap<>(Map.of(PromptFiles.TENSOR, all)));
            long column = 0;
            for (Parameter layer : layers) {
                long width = layer.shape()[1];
                layer.tensor().copy_(all.tensor().narrow(1, column, width));
                column += width;
            }
        }
    }

    @Override
    public void save(DecoderModel model, Path folder, String baseModel) {
        ModelConfig base = model.config();
        TokenMixer.CacheShape heads = PromptFiles.heads(base);
        ObjectNode config = PromptFiles.config(PEFT_TYPE, count, baseModel, base);
        config.put("num_attention_heads", heads.heads()).put("token_dim", heads.heads() * heads.keyDim());
        config.put("encoder_hidden_size", heads.heads() * heads.keyDim()).put("prefix_projection", false);
        try (Scope scope = Scope.open();
                NoGrad guard = Torch.noGrad()) {
            TensorVector layers = new TensorVector();
            learned(model).forEach(layer -> layers.push_back(layer.tensor()));
            PromptFiles.write(folder, config, torch.cat(layers, 1));
        }
    }

    @Override
    public boolean mergeable() {
        return false;
    }

    @Override
    public void merge(DecoderModel model) {
        throw Tuner.unmergeable("prefix", "trained keys and values are no change of the model's weights");
    }
}
