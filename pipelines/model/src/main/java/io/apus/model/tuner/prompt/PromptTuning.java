package io.apus.model.tuner.prompt;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.apus.model.DecoderModel;
import io.apus.model.ModelConfig;
import io.apus.model.layer.Parameter;
import io.apus.model.layer.VirtualTokens;
import io.apus.model.tuner.method.InitialValues;
import io.apus.model.tuner.method.PeftConfig;
import io.apus.model.tuner.method.PeftFiles;
import io.apus.model.tuner.method.Tuner;
import io.apus.schemas.spec.TunerSpec;
import io.apus.tensor.Scope;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.global.torch;

/** Trains embeddings that stand in front of every sample (Lester et al., 2021; PEFT tuners/prompt_tuning). */
public final class PromptTuning implements Tuner {
    public static final String PEFT_TYPE = "PROMPT_TUNING";
    private static final String NAME = "prompt_encoder.embedding.weight";

    private final int count;

    private PromptTuning(int count) {
        this.count = count;
    }

    public static Tuner of(TunerSpec spec) {
        return new PromptTuning(PromptFiles.count(spec));
    }

    public static Tuner of(PeftConfig config) {
        return new PromptTuning(PromptFiles.count(config));
    }

    @Override
    public void check(ModelConfig config) {
        PromptFiles.requireAttention(config);
    }

    @Override
    public OptionalLong trainable(ModelConfig config) {
        return OptionalLong.of((long) count * config.hiddenSize());
    }

    /** Starts from the standard normal distribution, as PEFT does. */
    @Override
    public void attach(DecoderModel model, long seed) {
        check(model.config());
        model.parameters().values().forEach(parameter -> parameter.trainable(false));
        try (Scope scope = Scope.open()) {
            GeneratorOptional generator = new GeneratorOptional(torch.make_generator_cpu(seed));
            Parameter learned = InitialValues.normal(
                    NAME, generator, 1, count, model.config().hiddenSize());
            learned.trainable(true);
            model.virtualTokens(VirtualTokens.of(learned));
        }
    }

    @Override
    public void load(DecoderModel model, Path folder) {
        attach(model, 0);
        PeftFiles.read(folder, new TreeMap<>(Map.of(PromptFiles.TENSOR, learned(model))));
    }

    private static Parameter learned(DecoderModel model) {
        return model.virtualTokens().embeddings().orElseThrow();
    }

    @Override
    public void save(DecoderModel model, Path folder, String baseModel) {
        ModelConfig base = model.config();
        ObjectNode config = PromptFiles.config(PEFT_TYPE, count, baseModel, base);
        config.put("num_attention_heads", base.numAttentionHeads()).put("token_dim", base.hiddenSize());
        config.put("prompt_tuning_init", "RANDOM").putNull("prompt_tuning_init_text");
        config.putNull("tokenizer_kwargs").putNull("tokenizer_name_or_path");
        PromptFiles.write(folder, config, learned(model).tensor());
    }

    @Override
    public boolean mergeable() {
        return false;
    }

    @Override
    public void merge(DecoderModel model) {
        throw Tuner.unmergeable("prompt", "trained virtual tokens are no change of the model's weights");
    }
}
