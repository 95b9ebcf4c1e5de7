package io.apus.corpus.ingest;

import io.apus.schemas.data.Message;
import io.apus.schemas.data.Reject;
import io.apus.schemas.data.Sample;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Rows written in a test. */
final class Rows {
    private Rows() {}

    static List<RawRow> read(DataFormat format, String text) {
        List<RawRow> rows = new ArrayList<>();
        format.read(new Origin("data", 0, "data.file"), new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)))
                .forEachRemaining(rows::add);
        return rows;
    }

    static Mapped map(String json) {
        return map(json, Map.of());
    }

    static Mapped map(String json, Map<String, String> columns) {
        return new RowMapper(columns).map(new RawRow("data", 0, 7, "data.file:8", json.replace('\'', '"'), null, ""));
    }

    /** The sample that {@code json} makes; apostrophes stand for quotes. */
    static Sample sample(String json) {
        return kept(map(json));
    }

    static Sample kept(Mapped mapped) {
        if (mapped instanceof Mapped.Kept kept) {
            return kept.sample();
        }
        throw new AssertionError("refused: " + ((Mapped.Refused) mapped).reject());
    }

    static Reject reject(String json) {
        if (map(json) instanceof Mapped.Refused refused) {
            return refused.reject();
        }
        throw new AssertionError("kept: " + json);
    }

    /** Turns as {@code role: content | role: content}. */
    static String turns(List<Message> messages) {
        return messages.stream().map(m -> m.role() + ": " + m.content()).collect(Collectors.joining(" | "));
    }

    static String turns(String json) {
        return turns(sample(json).messages());
    }
}
