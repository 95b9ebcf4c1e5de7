package io.apus.model.tuner;

import io.apus.model.DecoderModel;
import io.apus.model.layer.Parameter;
import io.apus.model.layer.ProjectionSlot;
import io.apus.schemas.spec.TunerSpec;
import io.apus.tensor.Scope;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.global.torch;

/** Freezes the model and trains low-rank updates of some of its linears (Hu et al., 2021), kept as PEFT keeps them. */
public final class LoraTuner implements Tuner {
    private final LoraSettings settings;

    public LoraTuner(LoraSettings settings) {
        this.settings = settings;
    }

    static Tuner of(TunerSpec spec) {
        return new LoraTuner(LoraSettings.of(spec));
    }

    public LoraSettings settings() {
        return settings;
    }

    @Override
    public void attach(DecoderModel model, long seed) {
        List<ProjectionSlot> targets = LoraTargets.of(model, settings);
        model.parameters().values().forEach(parameter -> parameter.trainable(false));
        try (Scope scope = Scope.open()) {
            GeneratorOptional generator = new GeneratorOptional(torch.make_generator_cpu(seed));
            for (ProjectionSlot slot : targets) {
                slot.replace(base -> LoraProjection.around(slot.name(), base, settings, generator));
            }
        }
        trained(model).forEach(parameter -> parameter.trainable(true));
    }

    /** The parameters that an adapter consists of: updates in the order of the layers, then modules saved in full. */
    List<Parameter> trained(DecoderModel model) {
        List<Parameter> all = new ArrayList<>();
        for (ProjectionSlot slot : model.projections().values()) {
            if (slot.get() instanceof LoraProjection lora) {
                all.addAll(lora.added());
            }
        }
        all.addAll(SavedModules.of(model, settings.modulesToSave()));
        return all;
    }

    @Override
    public void save(DecoderModel model, Path folder, String baseModel) {
        PeftFiles.write(folder, PeftConfig.write(settings, LoraTargets.of(model, settings), baseModel), trained(model));
    }

    @Override
    public void merge(DecoderModel model) {
        for (ProjectionSlot slot : model.projections().values()) {
            slot.replace(projection -> projection instanceof LoraProjection lora ? lora.merged() : projection);
        }
    }
}
