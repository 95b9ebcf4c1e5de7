package io.apus.train.optimize;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Which parameters decay, by transformers' rule (Trainer.get_decay_parameter_names): all but biases and norms. */
final class WeightDecay {
    private static final List<Pattern> EXEMPT = List.of(
            Pattern.compile("bias"),
            Pattern.compile("layernorm"),
            Pattern.compile("rmsnorm"),
            Pattern.compile("(?:^|\\.)norm(?:$|\\.)"),
            Pattern.compile("_norm(?:$|\\.)"));

    private WeightDecay() {}

    static boolean appliesTo(String parameter) {
        String name = parameter.toLowerCase(Locale.ROOT);
        return EXEMPT.stream().noneMatch(pattern -> pattern.matcher(name).find());
    }
}
