package io.apus.jobs.data.lineage;

import io.apus.schemas.data.Reject;
import io.apus.schemas.data.SampleKey;
import io.apus.schemas.manifest.Accounting;
import io.apus.schemas.manifest.Manifest;
import io.apus.spark.lineage.DatasetAccount;
import io.apus.spark.lineage.PlacedSample;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** A {@link LineageReport} for people. */
final class LineageText {
    private static final int LONGEST_DETAIL = 160;

    private LineageText() {}

    static List<String> lines(LineageReport report) {
        List<String> lines = new ArrayList<>();
        stages(lines, report.stages());
        lines.add("");
        datasets(lines, report);
        if (!report.placed().isEmpty()) {
            lines.add("");
            lines.add("packed rows and the samples in them");
            report.placed().forEach(sample -> lines.add("  " + sample(sample)));
        }
        if (!report.refused().isEmpty()) {
            lines.add("");
            lines.add("rows that are missing, and why");
            report.refused().forEach(reject -> lines.add("  " + reject(reject)));
        }
        return lines;
    }

    private static void stages(List<String> lines, List<Manifest> stages) {
        lines.add(String.format(Locale.ROOT, "%-10s%12s%12s%12s  %s", "stage", "in", "kept", "refused", "reasons"));
        for (Manifest stage : stages) {
            Accounting accounting = stage.accounting();
            lines.add(String.format(
                            Locale.ROOT,
                            "%-10s%12d%12d%12d  %s",
                            stage.stage(),
                            accounting.in(),
                            accounting.kept(),
                            accounting.in() - accounting.kept(),
                            counts(accounting.refused()))
                    .stripTrailing());
        }
    }

    private static void datasets(List<String> lines, LineageReport report) {
        lines.add(String.format(
                Locale.ROOT, "%12s%12s%12s%12s  %s", "rows =", "train +", "validation +", "refused", "dataset"));
        for (DatasetAccount account : report.datasets()) {
            lines.add(row(account.rows(), account.train(), account.validation(), account.refusedRows())
                    + account.dataset());
            if (account.refusedRows() > 0) {
                lines.add(" ".repeat(50) + counts(account.refused()));
            }
        }
        List<DatasetAccount> all = report.datasets();
        lines.add(row(
                        report.rows(),
                        all.stream().mapToLong(DatasetAccount::train).sum(),
                        all.stream().mapToLong(DatasetAccount::validation).sum(),
                        all.stream().mapToLong(DatasetAccount::refusedRows).sum())
                + (report.addsUp()
                        ? "all: every row that was read is accounted for"
                        : "all: " + report.in() + " rows were read, which is not the same"));
    }

    private static String row(long rows, long train, long validation, long refused) {
        return String.format(Locale.ROOT, "%12d%12d%12d%12d  ", rows, train, validation, refused);
    }

    private static String counts(Map<String, Long> counts) {
        return counts.entrySet().stream()
                .map(count -> count.getKey() + " " + count.getValue())
                .collect(Collectors.joining(", "));
    }

    private static String sample(PlacedSample sample) {
        return sample.split() + " row " + sample.packedRow() + " (" + sample.shard() + ") tokens " + sample.offset()
                + " to " + (sample.offset() + sample.length() - 1) + ": " + origin(sample.key())
                + (sample.part() == 0 ? "" : ", piece " + sample.part());
    }

    private static String reject(Reject reject) {
        String detail = reject.detail().length() > LONGEST_DETAIL
                ? reject.detail().substring(0, LONGEST_DETAIL) + " ..."
                : reject.detail();
        return origin(reject.key()) + ": " + reject.stage() + ", " + reject.reason() + ": " + detail;
    }

    private static String origin(SampleKey key) {
        return key.dataset() + " row " + key.row() + (key.copy() == 0 ? "" : ", copy " + key.copy());
    }
}
