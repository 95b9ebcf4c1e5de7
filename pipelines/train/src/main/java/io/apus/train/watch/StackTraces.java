package io.apus.train.watch;

import java.util.Comparator;
import java.util.Map;

/** What every thread of this process is doing. */
final class StackTraces {
    private static final int LONGEST = 256 << 10;

    private StackTraces() {}

    /** Threads by name, those first that are named as the caller's; cut where it would get out of hand. */
    static String all(Thread first) {
        StringBuilder text = new StringBuilder();
        Thread.getAllStackTraces().entrySet().stream()
                .sorted(Comparator.comparing((Map.Entry<Thread, StackTraceElement[]> entry) -> entry.getKey() != first)
                        .thenComparing(entry -> entry.getKey().getName()))
                .forEach(entry -> append(text, entry.getKey(), entry.getValue()));
        return text.length() <= LONGEST ? text.toString() : text.substring(0, LONGEST) + "\n... cut here\n";
    }

    private static void append(StringBuilder text, Thread thread, StackTraceElement[] frames) {
        text.append('"').append(thread.getName()).append("\" ").append(thread.getState());
        text.append(thread.isDaemon() ? " daemon\n" : "\n");
        for (StackTraceElement frame : frames) {
            text.append("    at ").append(frame).append('\n');
        }
        text.append('\n');
    }
}
