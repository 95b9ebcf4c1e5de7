package io.apus.jobs.launch;

import io.apus.schemas.manifest.Accounting;
import io.apus.schemas.manifest.Manifest;
import java.io.PrintStream;
import java.util.Locale;
import java.util.stream.Collectors;

/** Says how a run goes: a line when a stage begins and one when it is done. */
public final class ConsoleLog implements StageLog {
    private final PrintStream out;

    public ConsoleLog(PrintStream out) {
        this.out = out;
    }

    @Override
    public void begins(Stage stage) {
        out.println(stage.name() + " ...");
        out.flush();
    }

    @Override
    public void done(StageReport report) {
        Manifest manifest = report.manifest();
        String time = report.skipped() ? "committed" : String.format(Locale.ROOT, "%.1f s", manifest.seconds());
        out.println(String.format(Locale.ROOT, "%-10s%-12s%s", manifest.stage(), time, rows(manifest.accounting())));
        out.flush();
    }

    /** The accounting in words, e.g. {@code 492 in, 480 kept, 12 refused (broken_json 3, empty 9)}. */
    static String rows(Accounting accounting) {
        String text = accounting.in() + " in, " + accounting.kept() + " kept";
        long refused = accounting.in() - accounting.kept();
        if (refused == 0) {
            return text;
        }
        return text + ", " + refused + " refused ("
                + accounting.refused().entrySet().stream()
                        .filter(reason -> reason.getValue() > 0)
                        .map(reason -> reason.getKey() + " " + reason.getValue())
                        .collect(Collectors.joining(", "))
                + ")";
    }
}
