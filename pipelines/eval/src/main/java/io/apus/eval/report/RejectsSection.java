package io.apus.eval.report;

import io.apus.schemas.data.Reject;
import java.util.List;

/** Some of the refused rows, so that a reader can see whether they were refused rightly. */
final class RejectsSection implements ReportSection {
    private static final int LONGEST = 300;

    @Override
    public String title() {
        return "Refused rows, examples";
    }

    @Override
    public String explanation() {
        return "A few rows of each reason. All of them stand in the rejects table of their stage.";
    }

    @Override
    public boolean isPresent(RunFacts run) {
        return !rejects(run).isEmpty();
    }

    @Override
    public void write(RunFacts run, Html html) {
        Table table = Table.open(html, "stage", "reason", "~row", "~what was wrong", "~as read");
        for (Reject reject : rejects(run)) {
            table.row(reject.stage(), reject.reason(), reject.key().id(), cut(reject.detail()), cut(reject.raw()));
        }
        table.close();
    }

    private static String cut(String text) {
        int length = text.codePointCount(0, text.length());
        return length <= LONGEST ? text : text.substring(0, text.offsetByCodePoints(0, LONGEST)) + " …";
    }

    private static List<Reject> rejects(RunFacts run) {
        return run.data().map(ReportData::rejects).orElse(List.of());
    }
}
