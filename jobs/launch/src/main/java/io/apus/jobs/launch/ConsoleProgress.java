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
    private static final int SHORTEST_BAR = 8;
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
        String share = total > 0 ? Math.round(share(done) * 100) + "%  " : "";
        String words = note.isEmpty() ? "" : note + "  ";
        String times = clock(elapsed);
        if (total > 0 && done > 0 && done <= total) {
            times += ", " + clock((long) (elapsed * ((double) (total - done) / done))) + " left";
        }
        String head = "  " + phase + "  ";
        if (!terminal) {
            out.println(head + share + words + times);
        } else {
            int room = width - 1 - head.length() - share.length() - times.length();
            String bar = total > 0 ? bar(done, room - words.length()) : "";
            out.print("\r" + padded(head + bar + share + cut(words, room - bar.length()) + times));
        }
        out.flush();
    }

    private double share(long done) {
        return Math.min(1.0, (double) done / total);
    }

    /** A bar that leaves the words their room as far as it can. */
    private String bar(long done, int room) {
        int length = Math.max(SHORTEST_BAR, Math.min(BAR, room - 3));
        int filled = (int) Math.round(share(done) * length);
        return "[" + "#".repeat(filled) + "-".repeat(length - filled) + "] ";
    }

    /** The time left is worth more than the end of a long note, which loses its last parts (two spaces are between them). */
    private static String cut(String words, int room) {
        if (words.length() <= room) {
            return words;
        }
        int end = room < 2 ? -1 : words.lastIndexOf("  ", room - 2);
        return end < 0 ? "" : words.substring(0, end + 2);
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
