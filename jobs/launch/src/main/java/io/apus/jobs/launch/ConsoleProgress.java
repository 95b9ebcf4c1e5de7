package io.apus.jobs.launch;

import java.io.PrintStream;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Progress for people: on a terminal one line that is drawn anew in place, elsewhere (a log file, CI) a plain line at the beginning of
 * long phases and every few seconds.
 */
public final class ConsoleProgress implements Progress {
    private static final int BAR = 24;
    private static final long REDRAW_NANOS = Duration.ofMillis(100).toNanos();
    private static final long LINE_NANOS = Duration.ofSeconds(10).toNanos();

    private final PrintStream out;
    private final boolean terminal;
    private final int width;
    private final LongSupplier nanoTime;
    private final Consumer<String> description;
    private String phase;
    private long total;
    private long startedAt;
    private long drawnAt;

    /**
     * @param terminal whether {@code out} is a terminal, so that a line can be drawn over
     * @param width columns of the terminal
     * @param nanoTime the clock
     * @param description is told each phase, e.g. to make it Spark's job description
     */
    public ConsoleProgress(
            PrintStream out, boolean terminal, int width, LongSupplier nanoTime, Consumer<String> description) {
        this.out = out;
        this.terminal = terminal;
        this.width = width;
        this.nanoTime = nanoTime;
        this.description = description;
    }

    /** Progress on {@code out} as the launcher has found the terminal. */
    public static ConsoleProgress on(PrintStream out, Consumer<String> description) {
        return new ConsoleProgress(
                out,
                Boolean.getBoolean("apus.terminal"),
                Integer.getInteger("apus.columns", 100),
                System::nanoTime,
                description);
    }

    @Override
    public synchronized void begin(String newPhase, long newTotal) {
        if (phase != null) {
            end("");
        }
        phase = newPhase;
        total = newTotal;
        startedAt = nanoTime.getAsLong();
        drawnAt = startedAt;
        description.accept(newPhase);
        if (terminal) {
            draw(0, "");
        }
    }

    @Override
    public synchronized void update(long done, String note) {
        long now = nanoTime.getAsLong();
        if (phase != null && now - drawnAt >= (terminal ? REDRAW_NANOS : LINE_NANOS)) {
            drawnAt = now;
            draw(done, note);
        }
    }

    @Override
    public synchronized void end(String note) {
        if (phase == null) {
            return;
        }
        String line =
                "  " + phase + "  " + clock(nanoTime.getAsLong() - startedAt) + (note.isEmpty() ? "" : "  " + note);
        out.println(terminal ? "\r" + padded(line) : line);
        out.flush();
        phase = null;
    }

    private void draw(long done, String note) {
        long elapsed = nanoTime.getAsLong() - startedAt;
        StringBuilder line = new StringBuilder("  ").append(phase).append("  ");
        if (total > 0) {
            double share = Math.min(1.0, (double) done / total);
            if (terminal) {
                int filled = (int) Math.round(share * BAR);
                line.append('[')
                        .append("#".repeat(filled))
                        .append("-".repeat(BAR - filled))
                        .append("] ");
            }
            line.append(Math.round(share * 100)).append("%  ");
        }
        line.append(note.isEmpty() ? "" : note + "  ").append(clock(elapsed));
        if (total > 0 && done > 0 && done <= total) {
            line.append(", ")
                    .append(clock((long) (elapsed * ((double) (total - done) / done))))
                    .append(" left");
        }
        if (terminal) {
            out.print("\r" + padded(line.toString()));
        } else {
            out.println(line);
        }
        out.flush();
    }

    /** Cut or filled to the width, so that a shorter line leaves nothing of a longer one. */
    private String padded(String line) {
        int columns = width - 1;
        return line.length() > columns ? line.substring(0, columns) : line + " ".repeat(columns - line.length());
    }

    /** Minutes and seconds, e.g. {@code 2:05}. */
    static String clock(long nanos) {
        long seconds = Duration.ofNanos(nanos).toSeconds();
        return seconds / 60 + ":" + (seconds % 60 < 10 ? "0" : "") + seconds % 60;
    }
}
