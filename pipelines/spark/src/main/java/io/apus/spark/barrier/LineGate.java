package io.apus.spark.barrier;

import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** Keeps a rank that prints without end from flooding the driver: so many lines a second, none longer than a page. */
final class LineGate implements Consumer<String> {
    static final int PER_SECOND = 500;
    static final int LONGEST = 4096;
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final Consumer<String> out;
    private final LongSupplier nanos;
    private long second;
    private int passed;
    private long held;

    LineGate(Consumer<String> out) {
        this(out, System::nanoTime);
    }

    LineGate(Consumer<String> out, LongSupplier nanos) {
        this.out = out;
        this.nanos = nanos;
        this.second = nanos.getAsLong();
    }

    @Override
    public synchronized void accept(String line) {
        if (nanos.getAsLong() - second >= SECOND) {
            tellHeld();
            second = nanos.getAsLong();
            passed = 0;
        }
        if (passed == PER_SECOND) {
            held++;
            return;
        }
        passed++;
        out.accept(line.length() <= LONGEST ? line : line.substring(0, LONGEST) + " ...");
    }

    /** Says how many lines were left out since the last time, if any. */
    synchronized void tellHeld() {
        if (held > 0) {
            out.accept("... " + held + " lines left out");
            held = 0;
        }
    }
}
