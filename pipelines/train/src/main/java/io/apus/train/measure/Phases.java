package io.apus.train.measure;

import java.lang.management.ManagementFactory;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** Where the time before the first step goes: each phase ends where the next begins. */
public final class Phases {
    private final Map<String, Double> seconds = new LinkedHashMap<>();
    private long since = System.nanoTime();

    /** Begins now; what this process did before, from the start of the virtual machine on, is the phase {@code before}. */
    public Phases(String before) {
        long started = ManagementFactory.getRuntimeMXBean().getStartTime();
        seconds.put(before, (System.currentTimeMillis() - started) / 1e3);
    }

    /** Ends a phase; one that comes again, as a step does, counts the first time. */
    public void end(String phase) {
        long now = System.nanoTime();
        seconds.putIfAbsent(phase, (now - since) / 1e9);
        since = now;
    }

    /** Seconds by phase, in order. */
    public Map<String, Double> seconds() {
        return Collections.unmodifiableMap(seconds);
    }
}
