package io.apus.jobs.data;

import io.apus.schemas.manifest.Accounting;
import io.apus.spark.source.SourceDataset;
import io.apus.spark.source.SourceFile;
import java.util.List;
import java.util.Locale;

/** Numbers for people: estimates before a stage ran, and one line about what it did. */
final class Estimates {
    /** Bytes of a data file behind one token of a large vocabulary, a rule of thumb for English and code. */
    private static final double BYTES_PER_TOKEN = 3.5;

    private Estimates() {}

    static long tokens(long bytes) {
        return Math.round(bytes / BYTES_PER_TOKEN);
    }

    static String grouped(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    static String dataset(SourceDataset dataset, List<SourceFile> files, long bytes) {
        String begin = (dataset.validation() ? "reads for validation " : "reads ") + dataset.name()
                + (dataset.sample() == null ? "" : " (" + grouped(dataset.sample()) + " rows of it)") + ": ";
        if (files.isEmpty()) {
            return begin + "from its hub, downloaded when the stage runs";
        }
        return begin + what(dataset, files) + grouped(bytes) + " bytes, about " + grouped(tokens(bytes)) + " tokens";
    }

    /** One line about what a dataset was read from. */
    static String source(SourceDataset dataset, List<SourceFile> files) {
        long bytes = files.stream().mapToLong(SourceFile::bytes).sum();
        return dataset.name() + ": " + what(dataset, files) + bytes + " bytes";
    }

    private static String what(SourceDataset dataset, List<SourceFile> files) {
        return dataset.version() == null
                ? files.size() + (files.size() == 1 ? " file, " : " files, ")
                : "version " + dataset.version() + " of the table, ";
    }

    static String outcome(String what, Accounting accounting) {
        long refused = accounting.in() - accounting.kept();
        return grouped(accounting.kept()) + " " + what + ", " + grouped(refused) + " refused"
                + (refused == 0 ? "" : " " + accounting.refused());
    }
}
