package io.apus.spark.barrier;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * Sends what a rank prints and logs to the driver as well. Several ranks may share a process: a line belongs to the rank on whose
 * thread, or on a thread that such a thread started, it is written.
 */
final class RankOutput implements AutoCloseable {
    private static final InheritableThreadLocal<RankOutput> CURRENT = new InheritableThreadLocal<>();
    private static boolean tapped;

    private final LineGate gate;
    private final ByteArrayOutputStream unfinished = new ByteArrayOutputStream();
    private volatile boolean open = true;

    private RankOutput(Consumer<String> lines) {
        this.gate = new LineGate(lines);
    }

    /** From here on, lines of this thread and those that it starts go to {@code lines} too. */
    static RankOutput open(Consumer<String> lines) {
        tap();
        RankOutput output = new RankOutput(lines);
        CURRENT.set(output);
        return output;
    }

    private static synchronized void tap() {
        if (!tapped) {
            System.setOut(new PrintStream(new Tee(System.out), true, StandardCharsets.UTF_8));
            System.setErr(new PrintStream(new Tee(System.err), true, StandardCharsets.UTF_8));
            RankAppender.install(RankOutput::logged);
            tapped = true;
        }
    }

    private static void logged(String text) {
        RankOutput output = CURRENT.get();
        if (output != null) {
            text.lines().forEach(output::line);
        }
    }

    void line(String line) {
        if (open) {
            gate.accept(line);
        }
    }

    void trace(Throwable fault) {
        StringWriter text = new StringWriter();
        fault.printStackTrace(new PrintWriter(text));
        text.toString().lines().forEach(this::line);
    }

    private synchronized void write(byte[] bytes, int from, int length) {
        for (int i = from; i < from + length; i++) {
            if (bytes[i] == '\n') {
                line(unfinished.toString(StandardCharsets.UTF_8));
                unfinished.reset();
            } else if (bytes[i] != '\r' && unfinished.size() <= LineGate.LONGEST) {
                unfinished.write(bytes[i]);
            }
        }
    }

    /** What was printed behind the last line's end is a line too. */
    private synchronized void endLine() {
        if (unfinished.size() > 0) {
            line(unfinished.toString(StandardCharsets.UTF_8));
            unfinished.reset();
        }
    }

    @Override
    public void close() {
        endLine();
        gate.tellHeld();
        open = false;
        CURRENT.remove();
    }

    /** Where the process's own output goes, and the current rank's. */
    private static final class Tee extends OutputStream {
        private final PrintStream out;

        private Tee(PrintStream out) {
            this.out = out;
        }

        @Override
        public void write(int one) {
            write(new byte[] {(byte) one}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int length) {
            out.write(bytes, from, length);
            RankOutput rank = CURRENT.get();
            if (rank != null) {
                rank.write(bytes, from, length);
            }
        }

        @Override
        public void flush() {
            out.flush();
        }
    }
}
