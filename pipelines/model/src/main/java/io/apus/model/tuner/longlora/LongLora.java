package io.apus.model.tuner.longlora;

import io.apus.model.DecoderModel;
import io.apus.model.ModelConfig;
import io.apus.model.layer.AttentionGroups;
import io.apus.model.layer.Parameter;
import io.apus.model.tuner.method.GradientSample;
import io.apus.model.tuner.method.OtherRanks;
import io.apus.model.tuner.method.Tuner;
import io.apus.schemas.UserError;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import org.bytedeco.pytorch.Tensor;

/**
 * LoRA trained with {@link AttentionGroups} of a quarter of each sample (Chen et al., 2024), as ms-swift's longlora; what it leaves
 * is a plain LoRA adapter, which acts with full attention.
 */
public record LongLora(Tuner lora) implements Tuner {
    /** ms-swift's group_size_ratio. */
    private static final double SHARE = 0.25;

    private static final String LLAMA = "LlamaForCausalLM";

    @Override
    public AttentionGroups attention(ModelConfig config) {
        if (!config.architecture().equals(LLAMA) || config.numAttentionHeads() % 2 != 0) {
            throw new UserError(
                    "Cannot train with longlora",
                    "it is for " + LLAMA + " with an even number of heads, the model is " + config.architecture()
                            + " with " + config.numAttentionHeads(),
                    "Set tuner_type lora.");
        }
        return new AttentionGroups(SHARE);
    }

    @Override
    public void attach(DecoderModel model, long seed) {
        lora.attach(model, seed);
    }

    @Override
    public Optional<GradientSample> gradientSample() {
        return lora.gradientSample();
    }

    @Override
    public void attach(DecoderModel model, long seed, Map<String, Tensor> gradients) {
        lora.attach(model, seed, gradients);
    }

    @Override
    public void load(DecoderModel model, Path folder) {
        lora.load(model, folder);
    }

    @Override
    public boolean keepsTokenRows() {
        return lora.keepsTokenRows();
    }

    @Override
    public void save(DecoderModel model, Path folder, String baseModel) {
        lora.save(model, folder, baseModel);
    }

    @Override
    public void merge(DecoderModel model) {
        lora.merge(model);
    }

    @Override
    public boolean mergeable() {
        return lora.mergeable();
    }

    @Override
    public void check(ModelConfig config) {
        attention(config);
        lora.check(config);
    }

    @Override
    public OptionalLong trainable(ModelConfig config) {
        return lora.trainable(config);
    }

    @Override
    public Set<String> undivided(ModelConfig config, Set<String> byInputs, int ranks) {
        return lora.undivided(config, byInputs, ranks);
    }

    @Override
    public double learningRateRatio(Parameter parameter) {
        return lora.learningRateRatio(parameter);
    }

    @Override
    public boolean readsGradients() {
        return lora.readsGradients();
    }

    @Override
    public void begin(int totalSteps) {
        lora.begin(totalSteps);
    }

    @Override
    public void beforeUpdate(DecoderModel model) {
        lora.beforeUpdate(model);
    }

    @Override
    public void afterUpdate(DecoderModel model, int step, int totalSteps, OtherRanks others) {
        lora.afterUpdate(model, step, totalSteps, others);
    }

    @Override
    public SortedMap<String, Tensor> state(DecoderModel model) {
        return lora.state(model);
    }
}
