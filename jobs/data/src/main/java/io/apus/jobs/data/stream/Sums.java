package io.apus.jobs.data.stream;

import io.apus.schemas.manifest.Accounting;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Numbers of a stage over all batches. */
final class Sums {
    /** Facts that are the same for every batch. */
    private static final Set<String> SAME = Set.of("max_length");

    private Sums() {}

    static Accounting of(Accounting before, Accounting now) {
        Map<String, Long> refused = new TreeMap<>(before.refused());
        now.refused().forEach((reason, rows) -> refused.merge(reason, rows, Long::sum));
        return new Accounting(before.in() + now.in(), before.kept() + now.kept(), refused);
    }

    /** Whole numbers are added by name, at any depth; anything else is as it is now. */
    static Map<String, Object> of(Map<String, Object> before, Map<String, Object> now) {
        Map<String, Object> sums = new TreeMap<>(before);
        now.forEach((name, value) ->
                sums.merge(name, value, (one, other) -> SAME.contains(name) ? other : sum(one, other)));
        return sums;
    }

    @SuppressWarnings("unchecked") // facts are JSON objects, whose names are text
    private static Object sum(Object before, Object now) {
        if (before instanceof Map && now instanceof Map) {
            return of((Map<String, Object>) before, (Map<String, Object>) now);
        }
        boolean whole = isWhole(before) && isWhole(now);
        return whole ? (Object) (((Number) before).longValue() + ((Number) now).longValue()) : now;
    }

    private static boolean isWhole(Object value) {
        return value instanceof Integer || value instanceof Long;
    }
}
