package io.apus.schemas.manifest;

import java.util.Map;
import java.util.TreeMap;

/**
 * Rows of a stage: {@code in == kept + sum(refused)}, or the stage may not commit.
 *
 * @param in rows read
 * @param kept rows passed on
 * @param refused rows not passed on, by reason
 */
public record Accounting(long in, long kept, Map<String, Long> refused) {
    public Accounting {
        refused = new TreeMap<>(refused);
        long sum = kept + refused.values().stream().mapToLong(Long::longValue).sum();
        if (sum != in) {
            throw new IllegalStateException("the accounting does not add up: " + in + " rows in, " + kept
                    + " kept, refused " + refused + ": " + Math.abs(in - sum) + (sum < in ? " missing" : " too many"));
        }
    }
}
