package io.apus.model.tuner.lora;

import static io.apus.schemas.Registry.entry;

import io.apus.schemas.Registry;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The known starts, by their names under init_weights (PEFT's init_lora_weights). */
final class LoraStarts {
    static final String TRUE = "true";
    static final String FALSE = "false";
    static final String GAUSSIAN = "gaussian";
    static final String LORA_GA = "lora-ga";
    static final String LOFTQ = "loftq";
    private static final Pattern FAST_PISSA = Pattern.compile("pissa_niter_([0-9]{1,3})");
    private static final Registry<Function<LoraSettings, LoraStart>> ALL = Registry.of(
            "init_weights",
            entry(TRUE, RandomStart::new),
            entry(FALSE, RandomStart::new),
            entry(GAUSSIAN, RandomStart::new),
            entry("pissa", settings -> new PrincipalStart(settings, -1)),
            entry("pissa_niter_16", settings -> new PrincipalStart(settings, 16)),
            entry("olora", OrthonormalStart::new),
            entry(LOFTQ, QuantisedStart::new),
            entry(LORA_GA, settings -> new TakenStart(settings, null)));

    private LoraStarts() {}

    static boolean known(String name) {
        return FAST_PISSA.matcher(name).matches() || ALL.names().contains(name);
    }

    /** Any number may stand behind {@code pissa_niter_}. */
    static LoraStart of(LoraSettings settings) {
        Matcher fast = FAST_PISSA.matcher(settings.start());
        return fast.matches()
                ? new PrincipalStart(settings, Integer.parseInt(fast.group(1)))
                : ALL.get(settings.start()).apply(settings);
    }
}
