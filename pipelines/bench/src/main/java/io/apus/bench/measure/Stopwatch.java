package io.apus.bench.measure;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** Time since it was made, on the clock and on the processors (all threads; a busy machine changes only the first). */
public final class Stopwatch {
    private static final OperatingSystemMXBean SYSTEM =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private final long start = System.nanoTime();
    private final long cpuStart = SYSTEM.getProcessCpuTime();

    public double seconds() {
        return (System.nanoTime() - start) / 1e9;
    }

    public double cpuSeconds() {
        return (SYSTEM.getProcessCpuTime() - cpuStart) / 1e9;
    }
}
