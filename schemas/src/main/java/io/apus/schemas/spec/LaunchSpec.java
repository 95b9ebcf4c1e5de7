package io.apus.schemas.spec;

/** Options of how the ranks are started and watched. */
@Group
public record LaunchSpec(
        @Doc(
                        "seconds without a finished step after which the stack traces of all ranks are kept below train/logs; 0 for never; half of ddp_timeout, at most 300, when not given")
                Integer stallTimeout) {
    private static final int LONGEST_STALL = 300;

    public LaunchSpec {
        Problems problems = new Problems("train");
        if (stallTimeout != null) {
            problems.notNegative("stall_timeout", stallTimeout);
        }
        problems.throwIfAny();
    }

    static LaunchSpec defaults() {
        return new LaunchSpec(null);
    }

    /** Seconds: soon enough that the stacks are kept before the collectives give up after {@code ddpTimeout}. */
    int stallSeconds(int ddpTimeout) {
        return stallTimeout != null ? stallTimeout : Math.min(LONGEST_STALL, Math.max(1, ddpTimeout / 2));
    }
}
