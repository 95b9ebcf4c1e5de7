package io.apus.model.tuner.ia3;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.apus.model.DecoderModel;
import io.apus.model.layer.Linear;
import io.apus.model.layer.ProjectionSlot;
import io.apus.model.tuner.method.AdapterMethod;
import io.apus.model.tuner.method.InitialValues;
import io.apus.model.tuner.method.PeftConfig;
import io.apus.schemas.spec.TunerSpec;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.bytedeco.pytorch.GeneratorOptional;

/** Trained factors on activations; files as those of peft 0.17, tuners/ia3/config.py. */
public final class Ia3 implements AdapterMethod {
    public static final String PEFT_TYPE = "IA3";
    /** What the feed-forward networks of the families are called, as ms-swift gives it to PEFT. */
    private static final String FEED_FORWARD = ".*\\.(mlp|feed_forward|block_sparse_moe)\\..*";

    private final List<String> suffixes;
    private final String regex;

    /** Feed-forward modules by the ends of their names, or by a pattern over whole names where {@code regex} is not null. */
    private Ia3(List<String> suffixes, String regex) {
        this.suffixes = suffixes;
        this.regex = regex;
    }

    public static AdapterMethod of(TunerSpec spec) {
        InitialValues.requireUsual(spec);
        return new Ia3(List.of(), FEED_FORWARD);
    }

    public static AdapterMethod of(PeftConfig config) {
        config.throwIfFaulty();
        JsonNode modules = config.get("feedforward_modules");
        return new Ia3(config.texts("feedforward_modules"), modules.isTextual() ? modules.asText() : null);
    }

    @Override
    public String peftType() {
        return PEFT_TYPE;
    }

    @Override
    public Wrapper start(DecoderModel model, List<ProjectionSlot> targets, GeneratorOptional generator) {
        Predicate<String> feedForward = feedForward();
        return (module, base) -> Ia3Projection.around(module, base, feedForward.test(module));
    }

    /** Factors of outputs multiply a bias too, which belongs to no input. */
    @Override
    public boolean divides(ProjectionSlot linear, boolean byInputs, int ranks) {
        boolean biased = linear.get() instanceof Linear plain && plain.bias().isPresent();
        return !byInputs || !biased || feedForward().test(linear.name());
    }

    private Predicate<String> feedForward() {
        return regex != null
                ? Pattern.compile(regex).asMatchPredicate()
                : module -> suffixes.stream().anyMatch(module::endsWith);
    }

    @Override
    public void describe(ObjectNode config, List<ProjectionSlot> targets) {
        config.putNull("exclude_modules");
        config.put("fan_in_fan_out", false).put("init_ia3_weights", true);
        if (regex != null) {
            config.put("feedforward_modules", regex);
        } else {
            suffixes.forEach(config.putArray("feedforward_modules")::add);
        }
    }
}
