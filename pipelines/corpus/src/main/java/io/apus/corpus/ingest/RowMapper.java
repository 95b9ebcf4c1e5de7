package io.apus.corpus.ingest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.apus.schemas.data.Message;
import io.apus.schemas.data.Reject;
import io.apus.schemas.data.Sample;
import io.apus.schemas.data.SampleKey;
import io.apus.schemas.data.Splits;
import java.util.List;
import java.util.Map;

/**
 * Understands rows by their columns and makes samples of them; what cannot be understood is refused with a reason. The result depends on
 * the row alone. Cheap to make: one per partition.
 */
public final class RowMapper {
    private final RowRules rules;

    public RowMapper(RowRules rules) {
        this.rules = rules;
    }

    /** Maps with renames of {@code columns}, source to target, applied before anything is recognised. */
    public RowMapper(Map<String, String> columns) {
        this(RowRules.renaming(columns));
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
        return new Columns(json, rules);
    }

    private Sample sample(SampleKey key, Columns columns) {
        Pairs pair = Pairs.take(columns, Conversations.take(columns));
        if (pair.chosen().isEmpty()) {
            throw new RefusedRow(
                    Refusal.NO_MESSAGES,
                    "no column is a conversation, a question or an answer; the columns are "
                            + String.join(", ", columns.rest().keySet()));
        }
        String tag = columns.has("tag") ? columns.peek("tag").asText() : null;
        MediaColumns media = new MediaColumns(columns);
        List<Turn> messages = media.conversation(turns(pair.chosen(), tag));
        List<Turn> rejected = media.rejected(turns(pair.rejected(), tag));
        List<List<Message>> positive = groups(columns, media, "positive");
        List<List<Message>> negative = groups(columns, media, "negative");
        return new Sample(
                key,
                Splits.TRAIN,
                Turn.messages(messages),
                Turn.messages(rejected),
                positive,
                negative,
                SideColumns.label(columns.take("label")),
                SideColumns.margin(columns.take("margin")),
                SideColumns.tools(columns.take("tools")),
                media.media(),
                SideColumns.channel(columns.take("channel")),
                columns.rest());
    }

    private List<Turn> turns(List<Turn> turns, String tag) {
        return rules.names().fill(Turns.merged(turns), tag);
    }

    private static List<List<Message>> groups(Columns columns, MediaColumns media, String kind) {
        return media.groups(Groups.take(columns, kind), kind + "_").stream()
                .map(Turn::messages)
                .toList();
    }
}
