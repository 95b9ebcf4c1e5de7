package io.apus.train.schedule;

import io.apus.train.arguments.Arguments;
import java.util.List;

/** The schedules that depend on the step alone. */
final class Schedules {
    private static final List<String> CURVES = List.of("linear", "cosine", "1-sqrt");
    private static final int DEFAULT_TIMESCALE = 10_000;

    private Schedules() {}

    static LearningRate linear(Schedule schedule) {
        int total = schedule.total();
        int decay = Math.max(1, total - schedule.warmup());
        return schedule.warmed(step -> Math.max(0, (double) (total - step) / decay));
    }

    static LearningRate cosine(Schedule schedule) {
        double cycles = schedule.arguments().number("num_cycles", 0.5);
        return schedule.warmed(step -> Math.max(0, wave(schedule.progress(step), cycles)));
    }

    static LearningRate cosineWithRestarts(Schedule schedule) {
        int cycles = schedule.arguments().whole("num_cycles", 1);
        return schedule.warmed(step -> {
            double progress = schedule.progress(step);
            return progress >= 1 ? 0 : Math.max(0, wave(cycles * progress % 1.0, 0.5));
        });
    }

    static LearningRate polynomial(Schedule schedule) {
        double base = schedule.base();
        double end = schedule.arguments().number("lr_end", 1e-7);
        double power = schedule.arguments().number("power", 1);
        if (end >= base) {
            throw schedule.arguments().wrong("lr_end", "is not below the learning rate " + base);
        }
        return schedule.warmed(step -> {
            double left = step > schedule.total() ? 0 : 1 - schedule.progress(step);
            return ((base - end) * StrictMath.pow(left, power) + end) / base;
        });
    }

    /** transformers has a timescale for it that its trainer does not pass on; here it is read. */
    static LearningRate inverseSqrt(Schedule schedule) {
        int usual = schedule.warmup() > 0 ? schedule.warmup() : DEFAULT_TIMESCALE;
        int timescale = schedule.arguments().whole("timescale", usual);
        int shift = timescale - schedule.warmup();
        return schedule.warmed(step -> 1 / Math.sqrt((double) (step + shift) / timescale));
    }

    static LearningRate cosineWithMinLr(Schedule schedule) {
        double cycles = schedule.arguments().number("num_cycles", 0.5);
        double least = schedule.minimumShare();
        return schedule.warmed(step -> above(least, wave(schedule.progress(step), cycles)));
    }

    /** One step ahead of {@link #cosineWithMinLr}: the warm-up does not begin at 0, and the last step trains with the lowest rate. */
    static LearningRate cosineWarmupWithMinLr(Schedule schedule) {
        double cycles = schedule.arguments().number("num_cycles", 0.5);
        double least = schedule.minimumShare();
        int warmup = schedule.warmup();
        double first = schedule.arguments().number("warmup_lr_rate", Double.NaN);
        return schedule.scaled(step -> {
            if (step < warmup) {
                return Double.isNaN(first)
                        ? (step + 1.0) / warmup
                        : first + (1 - first) * step / Math.max(1, warmup - 1);
            }
            return above(least, wave(schedule.progress(step + 1), cycles));
        });
    }

    static LearningRate warmupStableDecay(Schedule schedule) {
        Arguments arguments = schedule.arguments();
        int warmup = schedule.warmup();
        int decay = arguments.whole("num_decay_steps", (int) arguments.required("num_decay_steps"));
        int stable = arguments.whole("num_stable_steps", schedule.total() - warmup - decay);
        double least = arguments.number("min_lr_ratio", 0);
        double cycles = arguments.number("num_cycles", 0.5);
        String rise = arguments.oneOf("warmup_type", "linear", CURVES);
        String fall = arguments.oneOf("decay_type", "cosine", CURVES);
        return schedule.scaled(step -> {
            if (step < warmup) {
                return above(least, rise(rise, (double) step / warmup));
            }
            int into = step - warmup - stable;
            if (into < 0) {
                return 1;
            }
            return into < decay ? above(least, fall(fall, (double) into / decay, cycles)) : least;
        });
    }

    private static double rise(String curve, double progress) {
        return switch (curve) {
            case "linear" -> progress;
            case "cosine" -> 1 - wave(progress, 0.5);
            default -> 1 - Math.sqrt(1 - progress);
        };
    }

    private static double fall(String curve, double progress, double cycles) {
        return switch (curve) {
            case "linear" -> 1 - progress;
            case "cosine" -> wave(progress, cycles);
            default -> 1 - Math.sqrt(progress);
        };
    }

    /** A cosine from 1 down to 0 and back, {@code cycles} times. */
    private static double wave(double progress, double cycles) {
        return 0.5 * (1 + StrictMath.cos(Math.PI * cycles * 2 * progress));
    }

    /** Squeezes a factor into what lies above the lowest. */
    private static double above(double least, double factor) {
        return Math.max(0, factor * (1 - least) + least);
    }
}
