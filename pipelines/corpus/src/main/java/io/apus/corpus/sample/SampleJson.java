package io.apus.corpus.sample;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.apus.schemas.data.Message;
import io.apus.schemas.data.Sample;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A sample as the text of a JSON object with the column names of the table {@code samples}; what is absent is left out. */
public final class SampleJson {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private SampleJson() {}

    /** Equal samples give equal text. The key is not part of it. */
    public static String write(Sample sample) {
        ObjectNode row = NODES.objectNode();
        row.put("split", sample.split());
        row.set("messages", messages(sample.messages()));
        if (sample.rejectedMessages() != null) {
            row.set("rejected_messages", messages(sample.rejectedMessages()));
        }
        groups(row, "positive_messages", sample.positiveMessages());
        groups(row, "negative_messages", sample.negativeMessages());
        text(row, "label", sample.label());
        if (sample.margin() != null) {
            row.put("margin", sample.margin());
        }
        text(row, "tools", sample.tools());
        map(row, "media", sample.media());
        text(row, "channel", sample.channel());
        map(row, "extra", sample.extra());
        return row.toString();
    }

    private static ArrayNode messages(List<Message> messages) {
        ArrayNode list = NODES.arrayNode();
        for (Message message : messages) {
            ObjectNode turn = list.addObject().put("role", message.role()).put("content", message.content());
            if (message.loss() != null) {
                turn.put("loss", message.loss());
            }
            if (message.lossScale() != null) {
                turn.put("loss_scale", message.lossScale());
            }
        }
        return list;
    }

    private static void groups(ObjectNode row, String name, List<List<Message>> groups) {
        if (!groups.isEmpty()) {
            ArrayNode list = row.putArray(name);
            groups.forEach(group -> list.add(messages(group)));
        }
    }

    private static void text(ObjectNode row, String name, String value) {
        if (value != null) {
            row.put(name, value);
        }
    }

    private static void map(ObjectNode row, String name, Map<String, String> values) {
        if (!values.isEmpty()) {
            ObjectNode object = row.putObject(name);
            new TreeMap<>(values).forEach(object::put);
        }
    }
}
