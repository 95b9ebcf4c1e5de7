package io.apus.spark.stage;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Counts of edits by kind as text beside a sample, e.g. {@code pii_email=2,pii_phone=1}. */
final class EditNote {
    private EditNote() {}

    /** The counts with those of an earlier note added; null where there are none. */
    static String orNull(Map<String, Long> edits, String earlier) {
        Map<String, Long> sum = new TreeMap<>(edits);
        if (earlier != null) {
            parse(earlier).forEach((kind, count) -> sum.merge(kind, count, Long::sum));
        }
        return sum.isEmpty()
                ? null
                : sum.entrySet().stream()
                        .map(entry -> entry.getKey() + "=" + entry.getValue())
                        .collect(Collectors.joining(","));
    }

    static Map<String, Long> parse(String note) {
        Map<String, Long> counts = new TreeMap<>();
        for (String entry : note.split(",", -1)) {
            int equals = entry.indexOf('=');
            counts.put(entry.substring(0, equals), Long.valueOf(entry.substring(equals + 1)));
        }
        return counts;
    }
}
