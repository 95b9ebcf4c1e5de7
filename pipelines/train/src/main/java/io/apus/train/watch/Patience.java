package io.apus.train.watch;

import java.util.OptionalLong;

/** Says when too much time has passed since something happened last, once for each time that nothing happens. */
final class Patience {
    private final long limit;
    private long last;
    private boolean told;

    /** @param limit nanoseconds */
    Patience(long limit, long now) {
        this.limit = limit;
        this.last = now;
    }

    void happened(long now) {
        last = now;
        told = false;
    }

    /** Nanoseconds since something happened, if they are too many and this was not said before. */
    OptionalLong lost(long now) {
        if (told || now - last < limit) {
            return OptionalLong.empty();
        }
        told = true;
        return OptionalLong.of(now - last);
    }

    /** Nanoseconds until it is worth asking again; {@link Long#MAX_VALUE} until something happens. */
    long untilLost(long now) {
        return told ? Long.MAX_VALUE : Math.max(1, limit - (now - last));
    }
}
