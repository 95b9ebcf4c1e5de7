package io.apus.jobs.train;

import io.apus.model.ModelConfig;
import io.apus.schemas.spec.TunerSpec;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** How many parameters a tuner trains, from the shapes alone. */
final class TrainableCount {
    private static final List<String> ENDS = List.of("embed_tokens", "lm_head");

    private TrainableCount() {}

    static long of(ModelConfig config, TunerSpec tuner) {
        return tuner.tunerType().equals("full") ? config.parameterCount() : lora(config, tuner);
    }

    /** A low-rank update of a linear [out, in] has rank x (out + in) numbers; modules_to_save are trained whole, as copies. */
    private static long lora(ModelConfig config, TunerSpec tuner) {
        Predicate<String> targeted = targets(tuner);
        long count = 0;
        for (Map.Entry<String, long[]> weight : config.shapes().entrySet()) {
            long[] shape = weight.getValue();
            String module = weight.getKey().replaceFirst("\\.weight$", "");
            if (shape.length == 2 && !isOneOf(ENDS, module) && targeted.test(module)) {
                count += tuner.lora().loraRank() * (shape[0] + shape[1]);
            }
        }
        return count + saved(config, tuner.targets().modulesToSave());
    }

    private static long saved(ModelConfig config, List<String> modules) {
        long embedding = (long) config.vocabSize() * config.hiddenSize();
        return embedding * modules.stream().filter(ENDS::contains).distinct().count();
    }

    private static Predicate<String> targets(TunerSpec tuner) {
        if (tuner.targets().targetRegex() != null) {
            return Pattern.compile(tuner.targets().targetRegex()).asMatchPredicate();
        }
        return tuner.targets().targetModules().equals(List.of("all-linear"))
                ? module -> true
                : module -> isOneOf(tuner.targets().targetModules(), module);
    }

    private static boolean isOneOf(List<String> names, String module) {
        return names.stream().anyMatch(name -> module.equals(name) || module.endsWith("." + name));
    }
}
