package io.apus.eval.report;

import java.util.Locale;

/** Numbers as a reader wants them. */
final class Numbers {
    private Numbers() {}

    /** 1,234,567. */
    static String whole(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    /** About four significant digits: 2.313, 31.42, 1,204, 3.0e-05. */
    static String decimal(double value) {
        double size = Math.abs(value);
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            return Double.toString(value);
        }
        if (size == 0) {
            return "0";
        }
        if (size < 1e-3 || size >= 1e9) {
            return trimmedExponent(String.format(Locale.ROOT, "%.2e", value));
        }
        int digits = size >= 1000 ? 0 : size >= 100 ? 1 : size >= 10 ? 2 : size >= 0.1 ? 3 : 4;
        return String.format(Locale.ROOT, "%,." + digits + "f", value);
    }

    private static String trimmedExponent(String text) {
        return text.replaceFirst("\\.?0+e", "e");
    }

    static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }

    /** 950, 12.3k, 4.56M, 1.23B. */
    static String compact(double value) {
        double size = Math.abs(value);
        if (size >= 1e9) {
            return String.format(Locale.ROOT, "%.2fB", value / 1e9);
        }
        if (size >= 1e6) {
            return String.format(Locale.ROOT, "%.2fM", value / 1e6);
        }
        if (size < 1e4 && value == Math.rint(value)) {
            return whole((long) value);
        }
        return size >= 1e4 ? String.format(Locale.ROOT, "%.1fk", value / 1e3) : decimal(value);
    }

    /** An ISO-8601 instant to the second: 2026-11-21 02:45:00 UTC. */
    static String time(String instant) {
        return instant.replaceFirst("^(.{10})T(.{8})(\\.[0-9]+)?Z$", "$1 $2 UTC");
    }

    static String bytes(long count) {
        if (count >= 1L << 30) {
            return String.format(Locale.ROOT, "%.2f GiB", count / (double) (1L << 30));
        }
        if (count >= 1L << 20) {
            return String.format(Locale.ROOT, "%.1f MiB", count / (double) (1L << 20));
        }
        return String.format(Locale.ROOT, "%.1f KiB", count / 1024.0);
    }

    /** 4.2 s, 3 min 20 s, 2 h 5 min. */
    static String duration(double seconds) {
        if (seconds < 60) {
            return String.format(Locale.ROOT, "%.1f s", seconds);
        }
        long whole = Math.round(seconds);
        return whole < 3600
                ? whole / 60 + " min " + whole % 60 + " s"
                : whole / 3600 + " h " + whole % 3600 / 60 + " min";
    }
}
