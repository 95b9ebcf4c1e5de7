package io.apus.spark.ui;

import java.util.Locale;

/** Numbers as people read them, and text as a page may hold it. */
final class Figures {
    static final double GIB = 1L << 30;

    private Figures() {}

    /** About four digits: 1234567 is 1.235M, 0.00002 is 2e-05. */
    static String number(double value) {
        double size = Math.abs(value);
        if (size >= 1e9) {
            return plain(value / 1e9) + "G";
        }
        if (size >= 1e6) {
            return plain(value / 1e6) + "M";
        }
        if (size >= 1e4) {
            return plain(value / 1e3) + "k";
        }
        return size > 0 && size < 1e-3 ? scientific(value) : plain(value);
    }

    private static String plain(double value) {
        double size = Math.abs(value);
        int decimals = size >= 1000 ? 0 : size >= 100 ? 1 : size >= 10 ? 2 : size >= 1 ? 3 : 4;
        String text = String.format(Locale.ROOT, "%." + decimals + "f", value);
        return text.contains(".") ? text.replaceAll("\\.?0+$", "") : text;
    }

    private static String scientific(double value) {
        return String.format(Locale.ROOT, "%.2e", value).replaceAll("\\.?0+e", "e");
    }

    static String gibibytes(long bytes) {
        return number(bytes / GIB) + " GiB";
    }

    static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f%%", 100 * share).replace(".0%", "%");
    }

    /** Text that cannot become markup: model names and paths are whatever somebody called them. */
    static String escape(String text) {
        StringBuilder safe = new StringBuilder(text.length() + 16);
        text.chars().forEach(c -> {
            switch (c) {
                case '&' -> safe.append("&amp;");
                case '<' -> safe.append("&lt;");
                case '>' -> safe.append("&gt;");
                case '"' -> safe.append("&quot;");
                case '\'' -> safe.append("&#39;");
                default -> safe.append((char) c);
            }
        });
        return safe.toString();
    }
}
