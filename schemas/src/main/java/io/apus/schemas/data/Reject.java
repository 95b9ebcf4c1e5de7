package io.apus.schemas.data;

/**
 * A row that a stage refused.
 *
 * @param stage the stage that refused it, e.g. {@code ingest}
 * @param key where the row came from
 * @param reason a short code of the field's terms, e.g. {@code broken_json}, {@code exact_duplicate}, {@code over_long}
 * @param detail what exactly was wrong, one line
 * @param raw the row as it was read (ingest) or the sample as JSON text (later stages)
 */
public record Reject(String stage, SampleKey key, String reason, String detail, String raw) {}
