package io.apus.model.tuner.lora;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.apus.model.DecoderModel;
import io.apus.model.layer.Linear;
import io.apus.model.layer.MatrixProjection;
import io.apus.model.layer.Parameter;
import io.apus.model.layer.Projection;
import io.apus.model.layer.ProjectionSlot;
import io.apus.model.tuner.method.AdaptedProjection;
import io.apus.model.tuner.method.AdapterMethod;
import io.apus.model.tuner.method.Biases;
import io.apus.model.tuner.method.GradientSample;
import io.apus.model.tuner.method.InputDropout;
import io.apus.model.tuner.method.PeftConfig;
import io.apus.model.tuner.method.PeftFiles;
import io.apus.model.tuner.method.WeightMethod;
import io.apus.schemas.UserError;
import io.apus.schemas.spec.TunerSpec;
import io.apus.tensor.NoGrad;
import io.apus.tensor.SafeTensorsFile;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.Tensor;

/** Low-rank updates of linears (Hu et al., 2021) with their starts, DoRA and LoRA+. */
public final class Lora implements AdapterMethod {
    public static final String PEFT_TYPE = "LORA";

    private final LoraSettings settings;
    private final LoraStart start;

    Lora(LoraSettings settings) {
        this(settings, LoraStarts.of(settings));
    }

    Lora(LoraSettings settings, LoraStart start) {
        this.settings = settings;
        this.start = start;
    }

    public static AdapterMethod of(TunerSpec spec) {
        LoraSettings settings = LoraSettings.of(spec.lora(), spec.initWeights());
        return settings.start().equals(LoraStarts.LORA_GA)
                ? new Lora(settings, new GradientStart(settings, spec.loraGa(), Map.of()))
                : new Lora(settings);
    }

    public static AdapterMethod of(PeftConfig config) {
        return new Lora(LoraFields.read(config));
    }

    @Override
    public String peftType() {
        return PEFT_TYPE;
    }

    @Override
    public Optional<GradientSample> gradientSample() {
        return start instanceof GradientStart gradient
                ? Optional.of(new GradientSample(
                        gradient.options().loraGaIters(),
                        gradient.options().loraGaBatchSize(),
                        gradient.options().loraGaMaxLength()))
                : Optional.empty();
    }

    @Override
    public AdapterMethod knowing(Map<String, Tensor> gradients) {
        return start instanceof GradientStart gradient
                ? new Lora(settings, new GradientStart(settings, gradient.options(), gradients))
                : this;
    }

    @Override
    public AdapterMethod reading(SafeTensorsFile file) {
        return settings.start().equals(LoraStarts.LORA_GA) ? new Lora(settings, new TakenStart(settings, file)) : this;
    }

    @Override
    public SortedMap<String, Parameter> kept(List<ProjectionSlot> targets) {
        SortedMap<String, Parameter> kept = new TreeMap<>();
        if (settings.start().equals(LoraStarts.LORA_GA)) {
            targets.stream()
                    .flatMap(slot -> PlainAdapter.taken((LowRankUpdate) slot.get()).parameters().stream())
                    .forEach(parameter -> kept.put(PeftFiles.PREFIX + parameter.name(), parameter));
        }
        return kept;
    }

    @Override
    public Wrapper start(DecoderModel model, List<ProjectionSlot> targets, GeneratorOptional generator) {
        return (module, base) -> around(module, base, generator);
    }

    @Override
    public Optional<WeightMethod> weights() {
        return Optional.of(new LoraWeights(settings, start.changesBase()));
    }

    private AdaptedProjection around(String module, Projection base, GeneratorOptional generator) {
        try (Scope scope = Scope.open();
                NoGrad guard = Torch.noGrad()) {
            LoraSettings own = settings.of(module);
            LoraStart beginning = settings.patterns().empty() ? start : LoraStarts.of(own);
            LoraStart.Values values = beginning.of(place(module, base), generator);
            Projection under = start.changesBase() ? changed(module, base, values) : base;
            LowRank update = LowRank.of(module, values.down(), values.up());
            InputDropout dropout = InputDropout.of(own.dropout());
            return settings.dora()
                    ? DoraProjection.around(module, under, update, own.scale(), dropout)
                    : new LoraProjection(under, update, own.scale(), dropout);
        }
    }

    private Projection changed(String module, Projection base, LoraStart.Values values) {
        MatrixProjection plain = plain(module, base);
        return start.takesItselfOut() ? Residual.of(module, plain, values) : plain.withWeight(values.base());
    }

    private LoraStart.Place place(String module, Projection base) {
        long most = Math.min(base.inFeatures(), base.outFeatures());
        if (start.changesBase() && settings.rank() > most) {
            throw new UserError(
                    "Cannot attach adapter",
                    "init_weights " + settings.start() + " takes rank " + settings.rank() + " out of " + module
                            + ", which has rank " + most,
                    "Set lora_rank to " + most + " or less, or name other target_modules.");
        }
        return new LoraStart.Place(module, base.inFeatures(), base.outFeatures(), () -> MatrixProjection.of(base)
                .weightMatrix());
    }

    private MatrixProjection plain(String module, Projection base) {
        if (base instanceof Linear linear) {
            return linear;
        }
        throw new UserError(
                "Cannot attach adapter",
                "init_weights " + settings.start() + " changes the weight of " + module
                        + ", which is quantised or adapted",
                "Use init_weights true, or a model that is not quantised.");
    }

    @Override
    public void describe(ObjectNode config, List<ProjectionSlot> targets) {
        LoraFields.write(settings, config);
    }

    @Override
    public SortedMap<String, Parameter> trainedInPlace(DecoderModel model, List<ProjectionSlot> targets) {
        return settings.allBiases() ? Biases.of(model, targets) : AdapterMethod.super.trainedInPlace(model, targets);
    }

    @Override
    public boolean changesBase() {
        return start.changesBase();
    }

    @Override
    public Optional<Converted> converted(List<ProjectionSlot> targets) {
        return start.takesItselfOut() ? Optional.of(PlainAdapter.of(settings, targets)) : Optional.empty();
    }

    @Override
    public OptionalLong trainable(long inFeatures, long outFeatures) {
        if (settings.allBiases()) {
            return OptionalLong.empty();
        }
        long factors = settings.rank() * (inFeatures + outFeatures);
        return OptionalLong.of(settings.dora() ? factors + outFeatures : factors);
    }

    /** LoRA+ hastens B and, as ms-swift has it, every vector. */
    @Override
    public double learningRateRatio(Parameter parameter) {
        boolean hastened = parameter.name().contains("lora_B") || parameter.shape().length == 1;
        return hastened ? settings.upRatio() : 1;
    }
}
