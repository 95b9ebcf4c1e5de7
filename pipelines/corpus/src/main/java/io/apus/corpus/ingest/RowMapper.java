package io.apus.corpus.ingest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.apus.schemas.data.Message;
import io.apus.schemas.data.Reject;
import io.apus.schemas.data.Sample;
import io.apus.schemas.data.SampleKey;
import io.apus.schemas.data.Splits;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Understands rows by their columns and makes samples of them; what cannot be understood is refused with a reason. The result depends on
 * the row alone. Cheap to make: one per partition.
 */
public final class RowMapper {
    private static final List<List<String>> MEDIA = List.of(
            List.of("images", "image"), List.of("videos", "video"), List.of("audios", "audio"), List.of("objects"));
    private static final List<String> PREFIXES = List.of("", "rejected_", "positive_", "negative_");

    private final Map<String, String> renames;

    /** Maps with renames of {@code columns}, source to target, applied before anything is recognised. */
    public RowMapper(Map<String, String> columns) {
        this.renames = Map.copyOf(columns);
    }

    /** The sample that the row holds, or why it holds none. */
    public Mapped map(RawRow row) {
        SampleKey key = new SampleKey(row.dataset(), row.datasetIndex(), row.row(), 0);
        if (row.refusal() != null) {
            return new Mapped.Refused(reject(row, key, row.refusal(), row.detail()));
        }
        try {
            return new Mapped.Kept(sample(key, columns(row.text())));
        } catch (JsonProcessingException e) {
            return new Mapped.Refused(
                    reject(row, key, Refusal.BROKEN_JSON.code(), RowJson.oneLine(e.getOriginalMessage())));
        } catch (RefusedRow e) {
            return new Mapped.Refused(reject(row, key, e.refusal().code(), e.getMessage()));
        }
    }

    private static Reject reject(RawRow row, SampleKey key, String reason, String detail) {
        return new Reject("ingest", key, reason, row.source() + ": " + detail, row.text());
    }

    private Columns columns(String text) throws JsonProcessingException {
        JsonNode json = RowJson.parse(text);
        if (!json.isObject()) {
            throw new RefusedRow(Refusal.NOT_AN_OBJECT, "a row is an object with columns, this is not");
        }
        return new Columns(json, renames);
    }

    private static Sample sample(SampleKey key, Columns columns) {
        List<Message> turns = Conversations.take(columns);
        Pairs pair = Pairs.take(columns, turns);
        if (pair.chosen().isEmpty()) {
            throw new RefusedRow(
                    Refusal.NO_MESSAGES,
                    "no column is a conversation, a question or an answer; the columns are "
                            + String.join(", ", columns.rest().keySet()));
        }
        return new Sample(
                key,
                Splits.TRAIN,
                Turns.merged(pair.chosen()),
                Turns.merged(pair.rejected()),
                groups(columns, "positive_messages"),
                groups(columns, "negative_messages"),
                SideColumns.label(columns.take("label")),
                SideColumns.margin(columns.take("margin")),
                SideColumns.tools(columns.take("tools")),
                media(columns),
                SideColumns.channel(columns.take("channel")),
                columns.rest());
    }

    private static List<List<Message>> groups(Columns columns, String name) {
        JsonNode groups = columns.take(name);
        if (groups == null) {
            return List.of();
        }
        if (!groups.isArray()
                || groups.isEmpty()
                || !(groups.get(0).isArray() || groups.get(0).isObject())) {
            throw new RefusedRow(Refusal.BAD_MESSAGE_GROUPS, name + " is not a list of conversations");
        }
        List<List<Message>> conversations = new ArrayList<>();
        if (groups.get(0).isObject()) {
            conversations.add(Turns.merged(MessageReader.read(groups)));
        } else {
            groups.forEach(group -> conversations.add(Turns.merged(MessageReader.read(group))));
        }
        return conversations;
    }

    private static Map<String, String> media(Columns columns) {
        Map<String, String> media = new TreeMap<>();
        for (String prefix : PREFIXES) {
            for (List<String> names : MEDIA) {
                JsonNode value =
                        columns.takeOneOf(names.stream().map(prefix::concat).toList());
                if (value != null) {
                    media.put(prefix + names.get(0), value.toString());
                }
            }
        }
        return media;
    }
}
